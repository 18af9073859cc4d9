package dev.outboxsync.queue;

import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.ForeignKeys;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import dev.outboxsync.mysql.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Queues rows again that are there already: a table that has just come under sync, or a DB_B that lost rows. Each row is
 * set to itself, under its lock and in chunks, so that its own trigger captures it, with a version that no concurrent
 * writer's change can get between; {@code ON UPDATE} times stay. A chunk and the note how far it came are one
 * transaction: a kill costs nothing. Safe for several threads and processes, one chunk at a time.
 */
public final class Resyncs {
    // a receipt remembers what may have been purged from the queue since
    private static final String REQUEST = """
            INSERT INTO sync_resync (request, table_name, from_key, to_key, delete_missing, problem, cause, state,
                                     since_epoch, since, requested_at)
            VALUES (:request, :table, :from, :to, :delete, :problem, :cause, :state,
                    (SELECT epoch FROM sync_site WHERE id = 1),
                    GREATEST(COALESCE((SELECT MAX(id) FROM sync_queue), 0),
                             COALESCE((SELECT last_sequence FROM sync_receipt ORDER BY first_sequence DESC LIMIT 1), 0)),
                    UTC_TIMESTAMP(6))
            """;
    private static final String READ_PLANNED = "SELECT table_name FROM sync_resync WHERE state = 'PLANNED'";
    private static final String BEGIN_PLANNED =
            "UPDATE sync_resync SET state = 'QUEUEING' WHERE state = 'PLANNED' AND table_name IN (:tables)";
    private static final String NEXT_REQUEST = "SELECT COALESCE(MAX(request), 0) + 1 FROM sync_resync";
    private static final String IS_UNDECIDED = """
            SELECT EXISTS (
              SELECT 1 FROM sync_resync back
              WHERE back.table_name = :table AND back.cause = 'DB_A_WENT_BACK'
                AND NOT EXISTS (
                  SELECT 1 FROM sync_resync decided
                  WHERE decided.table_name = :table AND decided.id > back.id AND decided.cause = 'REQUESTED'
                    AND decided.delete_missing AND decided.from_key IS NULL AND decided.to_key IS NULL))
            """;
    private static final String UNDECIDED =
            "Nothing is deleted, for DB_A was restored before, and rows that only DB_B has"
                    + " may be all that is left of what it lost: look at them, then POST /sync/resync"
                    + " {\"delete_missing\": true}";
    private static final String KEPT =
            "DB_A was restored: rows that only DB_B has stay there, and may be all that is left of what it lost:"
                    + " look at them, and if they are to go, POST /sync/resync {\"delete_missing\": true}";
    private static final String COLUMNS =
            "SELECT id, request, table_name, from_key, to_key, since_epoch, since, cursor_key,"
                    + " last_sequence, row_count FROM sync_resync ";
    // index by_state; the lock is kept while the chunk is written
    private static final String TAKE_QUEUEING = COLUMNS + "WHERE state = 'QUEUEING' ORDER BY id LIMIT 1 FOR UPDATE";
    // what was refused is answered, though it stays PENDING: it may wait for a row whose place only the sweep makes
    // free
    static final String READ_WAITING = """
            WHERE state = 'WAITING'
              AND NOT EXISTS (SELECT 1 FROM (SELECT request FROM sync_resync WHERE state = 'QUEUEING') AS busy
                              WHERE busy.request = sync_resync.request)
              AND NOT EXISTS (SELECT 1 FROM sync_queue q FORCE INDEX (by_status)
                              WHERE q.sync_status = 'PENDING' AND q.refused_since IS NULL
                                AND q.id > sync_resync.since AND q.id <= sync_resync.last_sequence)
            ORDER BY request, id DESC
            LIMIT 1
            """;
    private static final String TAKE_WAITING = COLUMNS + READ_WAITING + "FOR UPDATE";
    private static final String SAVE = """
            UPDATE sync_resync
            SET cursor_key = :cursor, row_count = COALESCE(row_count, :rows), queued = queued + :queued
            WHERE id = :id
            """;
    private static final String END_QUEUEING = """
            UPDATE sync_resync
            SET state = IF(delete_missing, 'WAITING', 'DONE'), queued = queued + :queued,
                row_count = COALESCE(row_count, :rows),
                last_sequence = (SELECT COALESCE(MAX(id), 0) FROM sync_queue),
                finished_at = IF(delete_missing, NULL, UTC_TIMESTAMP(6))
            WHERE id = :id
            """;
    private static final String END = """
            UPDATE sync_resync
            SET state = 'DONE', problem = :problem, finished_at = UTC_TIMESTAMP(6),
                last_sequence = COALESCE(last_sequence, (SELECT COALESCE(MAX(id), 0) FROM sync_queue))
            WHERE id = :id
            """;
    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TableShapes shapes;
    private final Sweeps sweeps;

    /** @param jdbc as the admin */
    public Resyncs(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.shapes = new TableShapes(jdbc);
        this.sweeps = new Sweeps(jdbc);
    }

    /**
     * Whether MySQL can compare a bound with the first column of the table's key, so that a range may begin or end there.
     *
     * @param table a captured one
     */
    public boolean isBound(String table, String bound) {
        return transactions.run(() -> shapes.find(table)
                .filter(shape -> !shape.key().isEmpty())
                .map(shape -> isBound(shape, bound))
                .orElse(false));
    }

    private boolean isBound(TableShape table, String bound) {
        KeyOrder.Condition above = new KeyOrder(table).between(bound, null);
        try {
            jdbc.sql("SELECT EXISTS (SELECT 1 FROM " + table.quoted() + " WHERE " + above.sql() + ")")
                    .params(above.parameters())
                    .query(Boolean.class)
                    .single();
            return jdbc.sql("SHOW WARNINGS").query().listOfRows().isEmpty();
        } catch (DataAccessException e) {
            if (!MySqlFailure.of(e).mayBeOfTheStatement()) {
                throw e;
            }
            return false;
        }
    }

    /** Takes a request down; parents come before children. */
    public void request(ResyncRequest request) {
        transactions.runWithoutResult(() -> insert(request, "QUEUEING", ResyncCause.REQUESTED));
    }

    /**
     * Takes down what a new epoch has to send again, if it has. Where DB_A went back before, and nobody has asked since
     * for what is missing to be deleted, nothing is deleted now either. Where DB_A went back now, its keys leap ahead
     * first: a crash in between costs another leap.
     *
     * @param tables those under capture
     */
    public void requestDue(List<String> tables) {
        var site = new JdbcSiteState(jdbc);
        transactions.runWithoutResult(() -> {
            if (site.wentBack()) {
                new KeyLeap(jdbc).leap(tables);
            }
        });
        transactions.runWithoutResult(() -> site.takeResyncDue()
                .ifPresent(due -> insert(
                        new ResyncRequest(tables, null, null, due == ResyncDue.ROWS_AND_SWEEP),
                        "QUEUEING",
                        ResyncCause.of(due))));
    }

    /** Remembers that these tables are to be queued once their triggers are made, so that a crash between costs nothing. */
    public void plan(List<String> tables) {
        transactions.runWithoutResult(() -> {
            List<String> unplanned = new ArrayList<>(tables);
            unplanned.removeAll(jdbc.sql(READ_PLANNED).query(String.class).list());
            insert(ResyncRequest.of(unplanned), "PLANNED", ResyncCause.NEW_TABLE);
        });
    }

    /**
     * The triggers of these tables are made: what was planned for them, also before a crash, begins. Answers how many
     * tables that are.
     */
    public int beginPlanned(List<String> tables) {
        return tables.isEmpty()
                ? 0
                : jdbc.sql(BEGIN_PLANNED).param("tables", tables).update();
    }

    private void insert(ResyncRequest request, String state, ResyncCause cause) {
        long number = jdbc.sql(NEXT_REQUEST).query(Long.class).single();
        for (String table : ForeignKeys.parentsFirst(ForeignKeys.read(jdbc), request.tables())) {
            boolean undecided = cause == ResyncCause.DB_B_WENT_BACK && isUndecided(table);
            jdbc.sql(REQUEST)
                    .param("request", number)
                    .param("table", table)
                    .param("from", request.from())
                    .param("to", request.to())
                    .param("delete", request.deleteMissing() && !undecided)
                    .param("problem", undecided ? UNDECIDED : cause == ResyncCause.DB_A_WENT_BACK ? KEPT : null)
                    .param("cause", cause.name())
                    .param("state", state)
                    .update();
        }
    }

    private boolean isUndecided(String table) {
        return jdbc.sql(IS_UNDECIDED).param("table", table).query(Boolean.class).single();
    }

    /**
     * Does the next piece: queues at most so many rows, or has a table swept.
     *
     * @return whether there was something to do
     */
    public boolean goOn(int rows) {
        return transactions.run(() -> {
            Optional<Resync> queueing =
                    jdbc.sql(TAKE_QUEUEING).query(Resync::of).optional();
            queueing.ifPresent(resync -> queue(resync, rows));
            return queueing.isPresent() || sweepNext();
        });
    }

    private void queue(Resync resync, int rows) {
        Optional<TableShape> table =
                shapes.find(resync.table()).filter(shape -> !shape.key().isEmpty());
        if (table.isEmpty()) {
            end(resync, "The table is not there, or has no primary key: mend that, then POST /sync/resync");
            return;
        }
        jdbc.sql("SAVEPOINT chunk").update();
        try {
            queue(resync, table.get(), rows);
        } catch (DataAccessException e) {
            MySqlFailure failure = MySqlFailure.of(e);
            if (!failure.mayBeOfTheStatement()) {
                throw e;
            }
            jdbc.sql("ROLLBACK TO SAVEPOINT chunk").update();
            end(
                    resync,
                    "MySQL refuses, with error " + failure.code() + ", that a row is set to itself: a trigger of the"
                            + " table does, or the range does not fit the key. Mend that, then POST /sync/resync");
        }
    }

    private void queue(Resync resync, TableShape table, int rows) {
        var order = new KeyOrder(table);
        KeyOrder.Condition range = order.between(resync.from(), resync.to());
        Long count = resync.isCounted() ? null : count(table, range);
        RowImage cursor = resync.cursor();
        KeyOrder.Condition rest = cursor == null ? range : range.and(order.from(cursor));
        Optional<String> next = jdbc.sql("SELECT " + order.image() + " FROM " + table.quoted() + " WHERE " + rest.sql()
                        + " ORDER BY " + order.columns() + " LIMIT 1 OFFSET " + rows)
                .params(rest.parameters())
                .query(String.class)
                .optional();
        KeyOrder.Condition chunk =
                next.map(key -> rest.and(order.before(Resync.image(key)))).orElse(rest);
        String column = order.writable().quoted();
        int queued = jdbc.sql("UPDATE " + table.quoted() + " SET " + column + " = " + column + " WHERE " + chunk.sql())
                .params(chunk.parameters())
                .update();
        jdbc.sql(next.isPresent() ? SAVE : END_QUEUEING)
                .param("id", resync.id())
                .param("cursor", next.orElse(null))
                .param("rows", count)
                .param("queued", queued)
                .update();
    }

    private long count(TableShape table, KeyOrder.Condition range) {
        return jdbc.sql("SELECT COUNT(*) FROM " + table.quoted() + " WHERE " + range.sql())
                .params(range.parameters())
                .query(Long.class)
                .single();
    }

    private boolean sweepNext() {
        Optional<Resync> waiting = jdbc.sql(TAKE_WAITING).query(Resync::of).optional();
        waiting.ifPresent(resync -> end(resync, sweeps.queue(resync)));
        return waiting.isPresent();
    }

    private void end(Resync resync, @Nullable String problem) {
        jdbc.sql(END).param("id", resync.id()).param("problem", problem).update();
    }
}
