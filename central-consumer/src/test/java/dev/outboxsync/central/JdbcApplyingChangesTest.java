package dev.outboxsync.central;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("server-dependent")
class JdbcApplyingChangesTest extends ApplyingChangesContract {
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

    @Override
    Map<String, String> users() {
        return mySql.users();
    }

    @Override
    Map<String, String> orders() {
        return mySql.orders();
    }

    @Override
    Map<Long, byte[]> quarantined() {
        return mySql.quarantined();
    }
}
