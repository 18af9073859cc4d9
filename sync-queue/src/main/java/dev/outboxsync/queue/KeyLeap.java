package dev.outboxsync.queue;

import dev.outboxsync.mysql.Identifiers;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Has tables generate their next keys behind a gap. A DB_A that went back to a backup would give keys anew that rows had
 * which it has lost, and the new rows would take their places in DB_B, which may be all that is left of them.
 */
final class KeyLeap {
    /** More rows than a site writes between a backup and its restore. */
    private static final long LENGTH = 1_000_000;

    // else MySQL answers with counters that may be a day old, and waits a year for a writer that holds a table
    private static final String READ_FRESH =
            "SET SESSION information_schema_stats_expiry = 0, SESSION lock_wait_timeout = 5";
    // an INT has room for a thousand leaps, a smaller type for none
    private static final String READ_NEXT_KEYS = """
            SELECT t.table_name, COALESCE(t.auto_increment, 1) AS next_key
            FROM information_schema.tables t
            JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
            WHERE t.table_schema = DATABASE() AND t.table_name IN (:tables) AND c.extra LIKE '%auto_increment%'
              AND (c.data_type = 'bigint' OR c.data_type = 'int' AND COALESCE(t.auto_increment, 1) < 1000000000)
            """;

    private final JdbcClient jdbc;

    /** @param jdbc as the admin, on one connection while it leaps */
    KeyLeap(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Commits what is open, as each ALTER does. Done twice it costs keys and nothing else. */
    void leap(List<String> tables) {
        if (tables.isEmpty()) {
            return;
        }
        jdbc.sql(READ_FRESH).update();
        jdbc.sql(READ_NEXT_KEYS)
                .param("tables", tables)
                .query((row, number) -> "ALTER TABLE " + Identifiers.quoted(row.getString(1)) + " AUTO_INCREMENT = "
                        + (row.getLong(2) + LENGTH))
                .list()
                .forEach(statement -> jdbc.sql(statement).update());
    }
}
