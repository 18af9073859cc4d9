package dev.outboxsync.queue;

import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Identifiers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps the generated keys of several sites apart: those of site n begin at n × 10¹² + 1.
 *
 * @param value 0 to 9,000; 0 leaves keys as they are
 */
public record SiteNumber(int value) {
    private static final int HIGHEST = 9_000;
    private static final long KEYS_PER_SITE = 1_000_000_000_000L;
    private static final String READ_TOO_SMALL = """
            SELECT table_name
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name IN (:tables)
              AND extra LIKE '%auto_increment%' AND data_type <> 'bigint'
            """;
    private static final String READ_NEXT_KEY = """
            SELECT COALESCE(MAX(auto_increment), 0)
            FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_name = ?
              AND EXISTS (SELECT 1 FROM information_schema.columns c
                          WHERE c.table_schema = DATABASE() AND c.table_name = ? AND c.extra LIKE '%auto_increment%')
            HAVING COUNT(*) = 1
            """;

    public SiteNumber {
        if (value < 0 || value > HIGHEST) {
            throw new IllegalArgumentException("SITE_NUMBER must be a whole number from 0 to 9000");
        }
    }

    /** Those of these tables whose generated keys could not hold the site's range. */
    Set<String> tooSmall(JdbcClient jdbc, List<String> tables) {
        return value == 0 || tables.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql(READ_TOO_SMALL)
                        .param("tables", tables)
                        .query(String.class)
                        .list());
    }

    /** Has these tables generate keys in the site's range from now on; never sets a counter back. Safe to repeat. */
    public void begin(AdminDatabase admin, Collection<String> tables) {
        if (value == 0) {
            return;
        }
        new JdbcTemplate(admin.dataSource()).execute((ConnectionCallback<Boolean>) connection -> {
            try (Statement statement = connection.createStatement()) {
                // else MySQL answers with a counter that may be a day old
                statement.execute("SET SESSION information_schema_stats_expiry = 0, lock_wait_timeout = 5");
                for (String table : tables) {
                    begin(connection, statement, table);
                }
            }
            return true;
        });
    }

    private void begin(Connection connection, Statement statement, String table) throws SQLException {
        long first = value * KEYS_PER_SITE + 1;
        try (var query = connection.prepareStatement(READ_NEXT_KEY)) {
            query.setString(1, table);
            query.setString(2, table);
            try (ResultSet next = query.executeQuery()) {
                if (next.next() && next.getLong(1) < first) {
                    statement.execute("ALTER TABLE " + Identifiers.quoted(table) + " AUTO_INCREMENT = " + first);
                }
            }
        }
    }
}
