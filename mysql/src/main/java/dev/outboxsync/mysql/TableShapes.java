package dev.outboxsync.mysql;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what tables of the connection's schema look like, from information_schema. Safe for use by many threads. */
public final class TableShapes {
    private static final String READ_COLUMNS = """
            SELECT column_name, data_type
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = :table
            ORDER BY ordinal_position
            """;
    private static final String READ_KEY = """
            SELECT column_name
            FROM information_schema.key_column_usage
            WHERE table_schema = DATABASE() AND table_name = :table AND constraint_name = 'PRIMARY'
            ORDER BY ordinal_position
            """;
    private static final String READ_CASCADES = """
            SELECT constraint_name
            FROM information_schema.referential_constraints
            WHERE constraint_schema = DATABASE() AND table_name = :table
              AND (delete_rule NOT IN ('NO ACTION', 'RESTRICT') OR update_rule NOT IN ('NO ACTION', 'RESTRICT'))
            ORDER BY constraint_name
            """;

    private final JdbcClient jdbc;

    public TableShapes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The table's shape; empty when this user sees no such table. */
    public Optional<TableShape> find(String table) {
        List<Column> columns = jdbc.sql(READ_COLUMNS)
                .param("table", table)
                .query((row, number) -> new Column(row.getString(1), ColumnForm.of(row.getString(2))))
                .list();
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        List<Column> key = names(READ_KEY, table).stream()
                .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
                .toList();
        return Optional.of(new TableShape(table, columns, key, names(READ_CASCADES, table)));
    }

    private List<String> names(String query, String table) {
        return jdbc.sql(query).param("table", table).query(String.class).list();
    }
}
