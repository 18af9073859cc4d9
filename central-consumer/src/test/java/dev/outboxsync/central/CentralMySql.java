package dev.outboxsync.central;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A fresh central database in MySQL, reached as the service reaches it. */
public final class CentralMySql implements AutoCloseable {
    private final Database database = TestParts.mySql().freshDatabase();
    private final HikariDataSource dataSource = new HikariDataSource(config(database));
    final JdbcTemplate jdbc = new JdbcTemplate(dataSource);

    public CentralMySql() {
        try (AdminDatabase admin = AdminDatabase.open(dataSource, database.user(), database.password())) {
            Migration.run(admin, "central");
        }
    }

    private static HikariConfig config(Database database) {
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
            // as ever but for the patience
            config.addDataSourceProperty(
                    "sessionVariables",
                    config.getDataSourceProperties()
                            .getProperty("sessionVariables")
                            .replace("innodb_lock_wait_timeout=10", "innodb_lock_wait_timeout=1"));
            config.setMinimumIdle(0);
            config.setMaximumPoolSize(4);
            return config;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Database database() {
        return database;
    }

    CentralDatabase central(String... tables) {
        return new JdbcCentralDatabase(
                jdbc,
                new Transactions(new DataSourceTransactionManager(dataSource)),
                Set.of(tables),
                Clock.systemUTC());
    }

    /** As new, for the next test. */
    void empty() {
        List.of("orders", "users", "sync_version", "sync_site", "sync_acknowledgement", "sync_quarantine")
                .forEach(table -> jdbc.execute("DELETE FROM " + table));
    }

    public void execute(String statement) {
        jdbc.execute(statement);
    }

    public Map<String, String> users() {
        return map("SELECT CAST(id AS CHAR), CONCAT_WS(' ', name, email) FROM users");
    }

    public Map<String, String> orders() {
        return map("SELECT CAST(id AS CHAR), CONCAT_WS(' ', user_id, amount, status) FROM orders");
    }

    /** Ends every session of this database but its own. */
    public void killOtherSessions() {
        jdbc.queryForList(
                        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
                        Long.class)
                .forEach(id -> {
                    try {
                        jdbc.execute("KILL " + id);
                    } catch (DataAccessException e) {
                        // it ended by itself
                    }
                });
    }

    /** Two columns as a map. */
    public Map<String, String> map(String query) {
        var map = new TreeMap<String, String>();
        jdbc.query(query, row -> {
            map.put(row.getString(1), row.getString(2));
        });
        return map;
    }

    public Map<Long, byte[]> quarantined() {
        var map = new HashMap<Long, byte[]>();
        jdbc.query("SELECT topic_offset, record_value FROM sync_quarantine", row -> {
            map.put(row.getLong(1), row.getBytes(2));
        });
        return map;
    }

    /** Puts a value into the quarantine. */
    public void keep(String topic, byte[] value) {
        jdbc.update(
                "INSERT INTO sync_quarantine (topic, topic_partition, topic_offset, record_value, value_hash, reason,"
                        + " quarantined_at) VALUES (?, 0, 0, ?, UNHEX(SHA2(?, 256)), 'WRONG_FIELD', UTC_TIMESTAMP(6))",
                topic,
                value,
                value);
    }

    /** Reason and detail of the newest entry with this value; empty where there is none. */
    public String quarantined(byte[] value) {
        return jdbc
                .queryForList(
                        "SELECT CONCAT_WS(' ', reason, detail) FROM sync_quarantine WHERE record_value <=> ?"
                                + " ORDER BY id DESC LIMIT 1",
                        String.class,
                        new Object[] {value})
                .stream()
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
