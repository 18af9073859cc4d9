package dev.outboxsync.local.capture;

/** What is left to say of a deleted record. */
public record Deleted(long id, Sync sync) {
    public static Deleted of(Captured<Long> deleted) {
        return new Deleted(deleted.result(), deleted.sync());
    }
}
