package dev.outboxsync.mysql;

import java.util.List;

/**
 * What a table looks like now.
 *
 * @param columns in the table's order, invisible ones too
 * @param key columns of the primary key in its order; empty where there is none
 * @param transactional whether its engine is InnoDB; a view's is not
 * @param otherUniqueKeys whether a key other than the primary one is unique
 */
public record TableShape(
        String name, List<Column> columns, List<Column> key, boolean transactional, boolean otherUniqueKeys) {
    public TableShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** The name as SQL writes it. */
    public String quoted() {
        return Identifiers.quoted(name);
    }

    /** The columns that are not part of the key. */
    public List<Column> values() {
        return columns.stream().filter(column -> !key.contains(column)).toList();
    }
}
