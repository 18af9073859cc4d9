package dev.outboxsync.queue;

import static java.util.stream.Collectors.joining;

import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Conditions on a table's primary key, for reading the table piece by piece in the order of the key. */
final class KeyOrder {
    private final TableShape table;

    KeyOrder(TableShape table) {
        this.table = table;
    }

    /** A condition and what is bound to its question marks. */
    record Condition(String sql, List<Object> parameters) {
        Condition and(Condition other) {
            return new Condition(
                    "(" + sql + ") AND (" + other.sql + ")",
                    Stream.concat(parameters.stream(), other.parameters.stream())
                            .toList());
        }
    }

    /** The columns to order by. */
    String columns() {
        return table.key().stream().map(KeyOrder::ordered).collect(joining(", "));
    }

    /** The key of a row as an image, to be read again. */
    String image() {
        return table.key().stream()
                .map(column ->
                        Capture.literal(column.name()) + ", " + column.form().captured(column.quoted()))
                .collect(joining(", ", "CAST(JSON_OBJECT(", ") AS CHAR)"));
    }

    /** Rows whose first key column is in range. */
    Condition between(@Nullable String from, @Nullable String to) {
        Column first = table.key().get(0);
        var all = new Condition("TRUE", List.of());
        Condition above = from == null ? all : compare(first, ">=", from);
        return above.and(to == null ? all : compare(first, "<=", to));
    }

    /** Rows of this key and those behind it. */
    Condition from(RowImage key) {
        return lexicographic(key, ">", ">=");
    }

    /** Rows before this key. */
    Condition before(RowImage key) {
        return lexicographic(key, "<", "<");
    }

    /** A column that may be written, to be set to itself. */
    Column writable() {
        return Stream.concat(table.key().stream(), table.columns().stream())
                .filter(column -> !column.generated())
                .findFirst()
                .orElseThrow();
    }

    private Condition lexicographic(RowImage key, String strict, String last) {
        var alternatives = new ArrayList<String>();
        var parameters = new ArrayList<Object>();
        for (int i = 0; i < table.key().size(); i++) {
            var conditions = new ArrayList<String>();
            for (int j = 0; j <= i; j++) {
                String operator = j < i ? "=" : i == table.key().size() - 1 ? last : strict;
                Column column = table.key().get(j);
                Condition condition = compare(
                        column, operator, Objects.requireNonNull(key.columns().get(column.name())));
                conditions.add(condition.sql());
                parameters.addAll(condition.parameters());
            }
            alternatives.add("(" + String.join(" AND ", conditions) + ")");
        }
        return new Condition(String.join(" OR ", alternatives), parameters);
    }

    private static Condition compare(Column column, String operator, String text) {
        return new Condition(
                ordered(column) + " " + operator + " " + column.form().placeholder(),
                List.of(column.form().bindable(text)));
    }

    private static String ordered(Column column) {
        return column.form().ordered(column.quoted());
    }
}
