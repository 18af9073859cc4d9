package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.MySqlFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;

/** Writes the rows of synced tables: by primary key or not at all, so that no other row is ever touched. */
final class CentralRows {
    private final JdbcTemplate jdbc;

    CentralRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes a step in few statements.
     *
     * @throws UnexpectedStateException when a row is refused or, to be updated, is not there
     */
    void write(Step step) {
        try {
            if (ManyRows.serve(step)) {
                ManyRows.runsOf(step).forEach(rows -> writeTogether(step, rows));
            } else {
                writeAsBatch(step);
            }
        } catch (DataAccessException e) {
            if (MySqlFailure.of(e).mayBeOfTheStatement()) {
                throw new UnexpectedStateException("a row was refused", e);
            }
            throw e;
        }
    }

    private void writeTogether(Step step, List<RowImage> rows) {
        var statement = ManyRows.of(step, rows);
        int found = jdbc.update(statement.sql(), binding(statement));
        requireFound(step, found == rows.size());
    }

    static PreparedStatementSetter binding(ManyRows rows) {
        return statement -> {
            for (int i = 0; i < rows.texts().size(); i++) {
                statement.setString(i + 1, rows.texts().get(i));
            }
        };
    }

    private void writeAsBatch(Step step) {
        var statement = RowStatement.of(step.statement(), step.table(), step.columns());
        int[] counts = jdbc.batchUpdate(statement.sql(), statement.binding(step.rows()));
        requireFound(step, Arrays.stream(counts).allMatch(count -> count == 1));
    }

    private static void requireFound(Step step, boolean found) {
        if (step.statement() == Operation.UPDATE && !found) {
            throw new UnexpectedStateException("a row to be updated is not there", null);
        }
    }

    /**
     * Writes one row under a savepoint.
     *
     * @return why it is refused, the transaction being as before
     */
    Optional<RowRefusal> writeAlone(RowChange change) {
        jdbc.execute("SAVEPOINT one_change");
        try {
            writeOne(change);
            return Optional.empty();
        } catch (DataAccessException e) {
            MySqlFailure failure = MySqlFailure.of(e);
            if (!failure.mayBeOfTheStatement()) {
                throw e;
            }
            jdbc.execute("ROLLBACK TO SAVEPOINT one_change");
            return Optional.of(RowRefusal.of(change.table(), failure, e));
        }
    }

    /** As {@link CentralTransaction#rewrite}. Inserts are checked against their parents. */
    Optional<RowChange> rewrite(List<RowChange> changes) {
        jdbc.execute("SAVEPOINT rewriting");
        changes.forEach(this::deleteUnchecked);
        for (RowChange change : changes) {
            try {
                one(Operation.INSERT, change);
            } catch (DataAccessException e) {
                if (!MySqlFailure.of(e).mayBeOfTheStatement()) {
                    throw e;
                }
                jdbc.execute("ROLLBACK TO SAVEPOINT rewriting");
                return Optional.of(change);
            }
        }
        return Optional.empty();
    }

    private void writeOne(RowChange change) {
        if (change.statement() == Operation.DELETE) {
            one(Operation.DELETE, change);
        } else if (one(Operation.UPDATE, change) == 0) {
            one(Operation.INSERT, change);
        }
    }

    /** For this statement alone: a session that stayed unchecked would take orders without a user. */
    private void deleteUnchecked(RowChange change) {
        var statement = statement(Operation.DELETE, change);
        jdbc.update(
                statement.sql().replaceFirst("^DELETE", "DELETE /*+ SET_VAR(foreign_key_checks = 0) */"),
                statement.binding(change.row()));
    }

    private int one(Operation operation, RowChange change) {
        var statement = statement(operation, change);
        return jdbc.update(statement.sql(), statement.binding(change.row()));
    }

    private static RowStatement statement(Operation operation, RowChange change) {
        return RowStatement.of(
                operation, change.table(), List.copyOf(change.row().columns().keySet()));
    }
}
