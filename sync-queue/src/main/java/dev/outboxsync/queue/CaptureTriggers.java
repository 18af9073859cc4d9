package dev.outboxsync.queue;

import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The triggers that put every change of a table into the queue, in the writer's own transaction. Whoever writes is
 * captured, or cannot write.
 */
public final class CaptureTriggers {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureTriggers.class);
    private static final String READ_TRIGGERS = "CALL sync_triggers()";

    private CaptureTriggers() {}

    /**
     * Makes the triggers of these tables as their columns ask for now; leaves those alone that already are so. Writers
     * of a table wait while its triggers are swapped; no write slips between.
     *
     * @throws UncapturableTableException for a table whose changes triggers cannot all see
     * @throws org.springframework.dao.DataAccessException when a table is locked for longer than 5 s, or on an outage
     */
    public static void install(AdminDatabase admin, List<String> tables) {
        var shapes = new TableShapes(admin.jdbc());
        Map<String, String> present = present(admin.jdbc());
        for (String table : tables) {
            List<CaptureTrigger> triggers = CaptureTrigger.of(capturable(shapes, table));
            if (!triggers.stream().allMatch(trigger -> isPresent(trigger, present))) {
                new JdbcTemplate(admin.dataSource())
                        .execute((ConnectionCallback<Boolean>) connection -> swap(connection, triggers));
                LOG.info("Table {} is captured: its triggers are made for its columns", table);
            }
        }
    }

    /** Those of these tables whose changes are not captured as their columns ask for. Needs no more than the API's role. */
    public static List<String> uncaptured(JdbcClient jdbc, List<String> tables) {
        var shapes = new TableShapes(jdbc);
        Map<String, String> present = present(jdbc);
        return tables.stream()
                .filter(table -> !shapes.find(table)
                        .map(shape ->
                                CaptureTrigger.of(shape).stream().allMatch(trigger -> isPresent(trigger, present)))
                        .orElse(false))
                .toList();
    }

    private static TableShape capturable(TableShapes shapes, String table) {
        TableShape shape = shapes.find(table)
                .orElseThrow(() -> new UncapturableTableException(
                        table, "is not there. Create it, or take it out of SYNC_TABLES"));
        if (shape.key().isEmpty()) {
            throw new UncapturableTableException(
                    table, "has no primary key, so its rows cannot be told apart. Give it one");
        }
        if (!shape.cascades().isEmpty()) {
            throw new UncapturableTableException(
                    table,
                    "has foreign keys that change rows without firing triggers: " + String.join(", ", shape.cascades())
                            + ". Use ON DELETE RESTRICT and ON UPDATE RESTRICT");
        }
        return shape;
    }

    private static Map<String, String> present(JdbcClient jdbc) {
        return jdbc
                .sql(READ_TRIGGERS)
                .query((row, number) -> Map.entry(row.getString(1), row.getString(3)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isPresent(CaptureTrigger trigger, Map<String, String> present) {
        return trigger.body().equals(present.get(trigger.name()));
    }

    private static boolean swap(Connection connection, List<CaptureTrigger> triggers) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Else a long transaction on the table would make every writer queue up behind us.
            statement.execute("SET SESSION lock_wait_timeout = 5");
            statement.execute(
                    "LOCK TABLES " + Identifiers.quoted(triggers.get(0).table()) + " WRITE");
            try {
                for (CaptureTrigger trigger : triggers) {
                    statement.execute(trigger.drop());
                    statement.execute(trigger.create());
                }
            } finally {
                statement.execute("UNLOCK TABLES");
            }
        }
        return true;
    }
}
