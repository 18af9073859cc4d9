package dev.outboxsync.central;

import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.ForeignKeys;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables that sites may write, as they were when last looked at. Safe for use by many threads. */
final class CentralTables {
    private static final String READ_TRIGGERS = "CALL sync_triggers()";
    private final Set<String> accepted;
    private final JdbcClient jdbc;
    private final Map<String, Optional<TableShape>> seen = new ConcurrentHashMap<>();
    private volatile @Nullable List<ForeignKey> keys;

    CentralTables(Set<String> accepted, JdbcClient jdbc) {
        this.accepted = Set.copyOf(accepted);
        this.jdbc = jdbc;
    }

    /** The table's shape; empty when it is not accepted, or {@link #problems} tells of it. */
    Optional<TableShape> find(String name) {
        if (!accepted.contains(name)) {
            return Optional.empty();
        }
        Optional<TableShape> shape = seen.get(name);
        if (shape == null) {
            shape = problem(name, writingTriggers()).isPresent() ? Optional.empty() : new TableShapes(jdbc).find(name);
            seen.put(name, shape);
        }
        return shape;
    }

    /** The foreign keys between accepted tables. */
    List<ForeignKey> foreignKeys() {
        List<ForeignKey> found = keys;
        if (found == null) {
            found = ForeignKeys.visible(jdbc).stream()
                    .filter(key -> accepted.contains(key.child()) && accepted.contains(key.parent()))
                    .toList();
            keys = found;
        }
        return found;
    }

    /** Makes {@link #find} and {@link #foreignKeys} look anew. */
    void forget() {
        seen.clear();
        keys = null;
    }

    /** Why tables of SYNC_TABLES cannot be written now, each with what to do. */
    List<String> problems() {
        Map<String, String> triggers = writingTriggers();
        return new TreeSet<>(accepted)
                .stream().flatMap(table -> problem(table, triggers).stream()).toList();
    }

    private Optional<String> problem(String name, Map<String, String> writingTriggers) {
        Optional<TableShape> shape = new TableShapes(jdbc).find(name);
        String reason = null;
        if (shape.isEmpty()) {
            reason =
                    "is not in DB_B, or not granted to this user: create it; a centre with DB_B_ADMIN_USER finds it within seconds,"
                            + " for another grant it to the role outbox_sync_centre";
        } else if (!shape.get().transactional()) {
            reason = "is not of the engine InnoDB: run ALTER TABLE … ENGINE = InnoDB";
        } else if (shape.get().key().isEmpty()) {
            reason = "has no primary key: give it the one that it has at the sites";
        } else if (writingTriggers.containsKey(name)) {
            reason = "has the trigger " + writingTriggers.get(name)
                    + ", which changes rows that are under sync, so DB_B would not equal DB_A: drop it";
        }
        return Optional.ofNullable(reason).map(why -> "Table " + name + " " + why + ".");
    }

    private Map<String, String> writingTriggers() {
        Map<String, String> writing = new TreeMap<>();
        jdbc.sql(READ_TRIGGERS).query(row -> {
            if (TriggerBody.changesSyncedRows(row.getString("body"), accepted)) {
                writing.put(row.getString("table_name"), row.getString("name"));
            }
        });
        return writing;
    }
}
