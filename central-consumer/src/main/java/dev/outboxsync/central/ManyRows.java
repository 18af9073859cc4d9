package dev.outboxsync.central;

import static java.util.stream.Collectors.joining;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One UPDATE or DELETE of several rows, which does what a statement for each would do: it finds each as that one would, and
 * ORDER BY has MySQL take them in the lane's order, so that a value may go from one row to the next. See decision record 22.
 *
 * @param texts to bind, in the statement's order
 */
record ManyRows(String sql, List<@Nullable String> texts) {
    /** More rows would compare each with too many others. */
    private static final int MOST = 32;

    /** Whether the rows of a step can be written so: its table's key is one column. */
    static boolean serve(Step step) {
        List<Column> key = step.table().key();
        return step.statement() != Operation.INSERT
                && key.size() == 1
                && (step.statement() == Operation.DELETE || !values(step).isEmpty());
    }

    /** The rows of a step in runs, in which no row comes twice. */
    static List<List<RowImage>> runsOf(Step step) {
        String key = step.table().key().get(0).name();
        List<List<RowImage>> runs = new ArrayList<>();
        Set<@Nullable String> keys = new HashSet<>();
        for (RowImage row : step.rows()) {
            if (runs.isEmpty() || keys.size() == MOST || !keys.add(row.columns().get(key))) {
                runs.add(new ArrayList<>());
                keys.clear();
                keys.add(row.columns().get(key));
            }
            runs.get(runs.size() - 1).add(row);
        }
        return runs;
    }

    static ManyRows of(Step step, List<RowImage> rows) {
        var statement = new Writing(step.table(), rows);
        return step.statement() == Operation.DELETE ? statement.delete() : statement.update(values(step));
    }

    private static List<Column> values(Step step) {
        List<String> names = step.columns();
        return step.table().values().stream()
                .filter(column -> names.contains(column.name()) && !column.generated())
                .toList();
    }

    /** The statement as it grows, and what is bound to it. */
    private static final class Writing {
        private final TableShape table;
        private final Column key;
        private final List<RowImage> rows;
        private final List<@Nullable String> texts = new ArrayList<>();

        Writing(TableShape table, List<RowImage> rows) {
            this.table = table;
            this.key = table.key().get(0);
            this.rows = rows;
        }

        ManyRows update(List<Column> columns) {
            String assignments = columns.stream().map(this::assignment).collect(joining(", "));
            return new ManyRows("UPDATE " + table.quoted() + " SET " + assignments + areTheRows(), texts);
        }

        ManyRows delete() {
            return new ManyRows("DELETE FROM " + table.quoted() + areTheRows(), texts);
        }

        private String assignment(Column column) {
            for (RowImage row : rows) {
                texts.add(keyOf(row));
                texts.add(bindable(column, row));
            }
            return column.quoted() + " = CASE " + RowStatement.text(key)
                    + (" WHEN ? THEN " + column.form().placeholder()).repeat(rows.size()) + " END";
        }

        private String areTheRows() {
            for (RowImage row : rows) {
                texts.add(bindable(key, row));
                texts.add(keyOf(row));
            }
            rows.forEach(row -> texts.add(keyOf(row)));
            return " WHERE " + String.join(" OR ", Collections.nCopies(rows.size(), RowStatement.isTheRow(table)))
                    + " ORDER BY FIELD(" + RowStatement.text(key) + ", ?".repeat(rows.size()) + ")";
        }

        private @Nullable String keyOf(RowImage row) {
            return row.columns().get(key.name());
        }

        private static @Nullable String bindable(Column column, RowImage row) {
            String text = row.columns().get(column.name());
            return text == null ? null : column.form().bindable(text);
        }
    }
}
