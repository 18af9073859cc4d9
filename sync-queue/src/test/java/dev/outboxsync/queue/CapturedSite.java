package dev.outboxsync.queue;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A site's database with the sample tables and the queue, and an admin who stays. */
final class CapturedSite implements AutoCloseable {
    static final List<String> TABLES = List.of("users", "orders");
    static final SiteNumber NUMBER = new SiteNumber(0);

    private final Database database;
    private final HikariDataSource dataSource;
    private final AdminDatabase admin;

    private CapturedSite(Database database) {
        this.database = database;
        this.dataSource = pool(database);
        this.admin = AdminDatabase.open(dataSource, database.user(), database.password());
    }

    /** Migrated, its tables captured. */
    static CapturedSite fresh() {
        var site = new CapturedSite(TestParts.mySql().freshDatabase());
        Migration.run(site.admin, "local");
        new JdbcSiteState(site.sql()).register(new Site("site-1"), NUMBER);
        site.capture(TABLES.toArray(String[]::new));
        return site;
    }

    static HikariDataSource pool(Database database) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        pool.addDataSourceProperty("connectionTimeZone", "UTC");
        pool.addDataSourceProperty("forceConnectionTimeZoneToSession", "true");
        return pool;
    }

    /** Has these tables captured, and no others. */
    CaptureReport capture(String... tables) {
        return CaptureTriggers.install(admin, NUMBER, List.of(tables), missed -> {});
    }

    Database database() {
        return database;
    }

    AdminDatabase admin() {
        return admin;
    }

    /** SQL of anybody, statement by statement. */
    JdbcClient sql() {
        return JdbcClient.create(dataSource);
    }

    void run(String... statements) {
        for (String statement : statements) {
            sql().sql(statement).update();
        }
    }

    /** All that a query returns, a line a row. */
    List<String> lines(String query) {
        return sql().sql(query).query(String.class).list();
    }

    /** The queue from the oldest entry on: table, record and operation. */
    List<String> queued() {
        return lines("SELECT CONCAT_WS(' ', table_name, record_id, operation) FROM sync_queue ORDER BY id");
    }

    Transactions transactions() {
        return new Transactions(new JdbcTransactionManager(dataSource));
    }

    HikariDataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        admin.close();
        dataSource.close();
    }
}
