package dev.outboxsync.central;

import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tables that sites may write, as they were when last looked at. Safe for use by many threads. */
final class CentralTables {
    private final Set<String> accepted;
    private final TableShapes shapes;
    private final Map<String, Optional<TableShape>> seen = new ConcurrentHashMap<>();

    CentralTables(Set<String> accepted, TableShapes shapes) {
        this.accepted = Set.copyOf(accepted);
        this.shapes = shapes;
    }

    /** The table's shape; empty when it is not accepted, not there, or without a primary key to find its rows by. */
    Optional<TableShape> find(String name) {
        if (!accepted.contains(name)) {
            return Optional.empty();
        }
        Optional<TableShape> shape = seen.get(name);
        if (shape == null) {
            shape = shapes.find(name).filter(table -> !table.key().isEmpty());
            seen.put(name, shape);
        }
        return shape;
    }

    /** Makes {@link #find} look anew. */
    void forget() {
        seen.clear();
    }
}
