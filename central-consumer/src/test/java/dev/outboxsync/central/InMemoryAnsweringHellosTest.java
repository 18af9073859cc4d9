package dev.outboxsync.central;

class InMemoryAnsweringHellosTest extends AnsweringHellosContract {
    private final InMemoryCentralDatabase database = new InMemoryCentralDatabase();

    @Override
    CentralDatabase database() {
        return database;
    }
}
