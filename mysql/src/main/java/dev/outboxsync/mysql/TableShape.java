package dev.outboxsync.mysql;

import java.util.List;

/**
 * What a table looks like now.
 *
 * @param columns in the table's order
 * @param key columns of the primary key in its order; empty where there is none
 * @param cascades names of the foreign keys of this table whose ON DELETE or ON UPDATE writes rows without triggers
 */
public record TableShape(String name, List<Column> columns, List<Column> key, List<String> cascades) {
    public TableShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        cascades = List.copyOf(cascades);
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
