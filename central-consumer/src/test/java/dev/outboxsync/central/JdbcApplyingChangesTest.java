package dev.outboxsync.central;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class JdbcApplyingChangesTest extends ApplyingChangesContract {
    private final CentralMySql mySql = new CentralMySql();

    @AfterEach
    void close() {
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
