package dev.outboxsync.central;

import static java.util.stream.Collectors.joining;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.PreparedStatementSetter;

/**
 * The statement that writes a row of a table, and how an image is bound to it. Names come from the table's shape.
 * Values are bound as text, which MySQL converts exactly for every type.
 *
 * @param parameters in the statement's order
 */
record RowStatement(String sql, List<Parameter> parameters) {
    /** Deletes a row if the first column of its key is in a range, whose bounds are bound behind the key; null is none. */
    static RowStatement deleteBetween(TableShape table, @Nullable String from, @Nullable String to) {
        Column first = table.key().get(0);
        String column = first.form().ordered(first.quoted());
        var statement = delete(table);
        return new RowStatement(
                statement.sql()
                        + (from == null
                                ? ""
                                : " AND " + column + " >= " + first.form().placeholder())
                        + (to == null
                                ? ""
                                : " AND " + column + " <= " + first.form().placeholder()),
                statement.parameters());
    }

    /** A statement for images with these columns, all of which the table has. */
    static RowStatement of(Operation operation, TableShape table, List<String> imageColumns) {
        List<Column> columns = table.columns().stream()
                .filter(column -> imageColumns.contains(column.name()) && !column.generated())
                .toList();
        return switch (operation) {
            case INSERT -> insert(table, columns);
            case UPDATE -> update(table, columns);
            case DELETE -> delete(table);
            case SWEEP -> throw new IllegalArgumentException("a sweep is no statement about one row");
        };
    }

    private static RowStatement insert(TableShape table, List<Column> columns) {
        String names = columns.stream().map(Column::quoted).collect(joining(", "));
        String values =
                columns.stream().map(column -> column.form().placeholder()).collect(joining(", "));
        return new RowStatement(
                "INSERT INTO " + table.quoted() + " (" + names + ") VALUES (" + values + ")", values(columns));
    }

    private static RowStatement update(TableShape table, List<Column> columns) {
        String assignments = columns.stream()
                .map(column -> column.quoted() + " = " + column.form().placeholder())
                .collect(joining(", "));
        return new RowStatement(
                "UPDATE " + table.quoted() + " SET " + assignments + " WHERE " + isTheRow(table),
                Stream.concat(values(columns).stream(), keys(table).stream()).toList());
    }

    private static RowStatement delete(TableShape table) {
        return new RowStatement("DELETE FROM " + table.quoted() + " WHERE " + isTheRow(table), keys(table));
    }

    /**
     * Finds the row by its key and then compares the key's text: '07', '7.0' and, in many a collation, 'a' and 'A' find
     * the row of another record.
     */
    static String isTheRow(TableShape table) {
        return table.key().stream()
                .map(column -> column.quoted() + " = " + column.form().placeholder() + " AND " + text(column) + " = ?")
                .collect(joining(" AND "));
    }

    /** The key column's text as a record id has it, compared byte by byte. */
    static String text(Column column) {
        return "CONVERT(" + column.form().named(column.quoted()) + " USING utf8mb4) COLLATE utf8mb4_0900_bin";
    }

    private static List<Parameter> values(List<Column> columns) {
        return columns.stream().map(column -> new Parameter(column, true)).toList();
    }

    private static List<Parameter> keys(TableShape table) {
        return table.key().stream()
                .flatMap(column -> Stream.of(new Parameter(column, true), new Parameter(column, false)))
                .toList();
    }

    PreparedStatementSetter binding(RowImage row) {
        return statement -> bind(row, statement);
    }

    /** As {@link #binding(RowImage)}, with more texts behind it. */
    PreparedStatementSetter binding(RowImage row, List<String> more) {
        return statement -> {
            bind(row, statement);
            for (int i = 0; i < more.size(); i++) {
                statement.setString(parameters.size() + i + 1, more.get(i));
            }
        };
    }

    BatchPreparedStatementSetter binding(List<RowImage> rows) {
        return new BatchPreparedStatementSetter() {
            @Override
            public void setValues(PreparedStatement statement, int row) throws SQLException {
                bind(rows.get(row), statement);
            }

            @Override
            public int getBatchSize() {
                return rows.size();
            }
        };
    }

    private void bind(RowImage row, PreparedStatement statement) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setString(i + 1, parameters.get(i).text(row));
        }
    }

    /**
     * What is bound to one question mark.
     *
     * @param asValue in the form that the column takes, or else the image's text as it is
     */
    record Parameter(Column column, boolean asValue) {
        @Nullable
        String text(RowImage row) {
            String text = row.columns().get(column.name());
            return text == null || !asValue ? text : column.form().bindable(text);
        }
    }
}
