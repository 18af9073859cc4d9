package dev.outboxsync.queue;

import dev.outboxsync.mysql.Identifiers;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A trigger of the schema, ours or anybody's.
 *
 * @param timing BEFORE or AFTER
 * @param event INSERT, UPDATE or DELETE
 */
record PresentTrigger(String name, String table, String timing, String event, String body) {
    private static final String READ = "CALL sync_triggers()";

    /** All of the schema, each table's in the order in which they fire. */
    static List<PresentTrigger> all(JdbcClient jdbc) {
        return jdbc.sql(READ)
                .query((row, number) -> new PresentTrigger(
                        row.getString("name"),
                        row.getString("table_name"),
                        row.getString("timing"),
                        row.getString("event"),
                        row.getString("body")))
                .list();
    }

    String drop() {
        return "DROP TRIGGER IF EXISTS " + Identifiers.quoted(name);
    }
}
