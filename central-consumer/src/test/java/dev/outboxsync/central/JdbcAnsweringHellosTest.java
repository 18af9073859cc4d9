package dev.outboxsync.central;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("server-dependent")
class JdbcAnsweringHellosTest extends AnsweringHellosContract {
    private static CentralMySql mySql;

    @BeforeAll
    static void start() {
        mySql = new CentralMySql();
    }

    @BeforeEach
    void empty() {
        mySql.empty();
    }

    @AfterAll
    static void close() {
        mySql.close();
    }

    @Override
    CentralDatabase database() {
        return mySql.central("users", "orders");
    }
}
