package dev.outboxsync.relay;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.CaptureTriggers;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.JdbcSyncQueue;
import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.SiteGrants;
import dev.outboxsync.queue.SiteNumber;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A fresh database of a site in MySQL, prepared as local-api does it, and a user who holds the relay's role alone. */
final class SiteMySql implements AutoCloseable {
    final Database admin;
    final Database relay;
    final HikariDataSource asRelay;
    /** SQL at a prompt. */
    final JdbcTemplate sql;

    private final HikariDataSource asAdmin;

    SiteMySql(Site site) {
        this(site, TestParts.mySql().freshDatabase());
    }

    SiteMySql(Site site, Database database) {
        admin = database;
        asAdmin = dataSource(admin);
        sql = new JdbcTemplate(asAdmin);
        String user = "relay_" + UUID.randomUUID().toString().substring(0, 8);
        relay = new Database(admin.url(), user, UUID.randomUUID().toString());
        prepare(site);
        asRelay = dataSource(relay);
    }

    private void prepare(Site site) {
        try (AdminDatabase opened = AdminDatabase.open(asAdmin, admin.user(), admin.password())) {
            Migration.run(opened, "local");
            new JdbcSiteState(opened.jdbc()).register(site, new SiteNumber(0));
            CaptureTriggers.install(opened, new SiteNumber(0), List.of("users", "orders"), missed -> {});
            SiteGrants.grant(opened.jdbc(), List.of("users", "orders"));
        }
        sql.execute("CREATE USER %s IDENTIFIED BY '%s' DEFAULT ROLE %s"
                .formatted(relay.user(), relay.password(), SiteGrants.RELAY));
    }

    private static HikariDataSource dataSource(Database database) {
        try {
            var sources = new MutablePropertySources();
            new YamlPropertySourceLoader()
                    .load("mysql", new ClassPathResource("mysql.yml"))
                    .forEach(sources::addLast);
            HikariConfig config = new Binder(ConfigurationPropertySources.from(sources))
                    .bind("spring.datasource.hikari", Bindable.of(HikariConfig.class))
                    .get();
            config.setJdbcUrl(database.url());
            config.setUsername(database.user());
            config.setPassword(database.password());
            config.setMinimumIdle(0);
            config.setMaximumPoolSize(4);
            return new HikariDataSource(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it what it was at first, which is quicker than another one. */
    void empty(Site site) {
        List.of("orders", "users", "sync_site").forEach(table -> sql.update("DELETE FROM " + table));
        List.of("sync_queue", "sync_receipt", "sync_resync").forEach(table -> sql.execute("TRUNCATE " + table));
        sql.update("UPDATE sync_lease SET holder = '', expires_at = '2000-01-01', beat = DEFAULT(beat)");
        new JdbcSiteState(JdbcClient.create(sql)).register(site, new SiteNumber(0));
    }

    JdbcSyncQueue queue(LeaderLease lease, Duration patience) {
        return new JdbcSyncQueue(
                new JdbcTemplate(asRelay),
                new Transactions(new DataSourceTransactionManager(asRelay)),
                lease,
                patience);
    }

    /** Writes users by one statement, captured by the triggers. */
    void writeUsers(int count) {
        sql.update("SET SESSION cte_max_recursion_depth = 1000000");
        sql.update("""
                INSERT INTO users (name, email)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                SELECT CONCAT('User ', i), CONCAT('user', i, '@', UUID()) FROM n
                """, count);
    }

    long count(String status) {
        Long count = sql.queryForObject("SELECT COUNT(*) FROM sync_queue WHERE sync_status = ?", Long.class, status);
        return count == null ? 0 : count;
    }

    @Override
    public void close() {
        asRelay.close();
        asAdmin.close();
    }
}
