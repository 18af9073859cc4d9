package dev.outboxsync.queue;

import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.FailureClass;
import dev.outboxsync.mysql.ForeignKeys;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.TableShapes;
import dev.outboxsync.mysql.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
            INSERT INTO sync_resync (request, table_name, from_key, to_key, delete_missing, cause, state, since,
                                     requested_at)
            VALUES (:request, :table, :from, :to, :delete, :cause, :state,
                    GREATEST(COALESCE((SELECT MAX(id) FROM sync_queue), 0),
                             COALESCE((SELECT last_sequence FROM sync_receipt ORDER BY first_sequence DESC LIMIT 1), 0)),
                    UTC_TIMESTAMP(6))
            """;
    private static final String READ_PLANNED = "SELECT table_name FROM sync_resync WHERE state = 'PLANNED'";
    private static final String BEGIN_PLANNED = "UPDATE sync_resync SET state = 'QUEUEING' WHERE state = 'PLANNED'";
    private static final String NEXT_REQUEST = "SELECT COALESCE(MAX(request), 0) + 1 FROM sync_resync";
    private static final String COLUMNS =
            "SELECT id, request, table_name, from_key, to_key, since, cursor_key, last_sequence,"
                    + " row_count FROM sync_resync ";
    // index by_state; the lock is kept while the chunk is written
    private static final String TAKE_QUEUEING = COLUMNS + "WHERE state = 'QUEUEING' ORDER BY id LIMIT 1 FOR UPDATE";
    private static final String READ_WAITING = """
            WHERE state = 'WAITING'
              AND NOT EXISTS (SELECT 1 FROM (SELECT request FROM sync_resync WHERE state = 'QUEUEING') AS busy
                              WHERE busy.request = sync_resync.request)
              AND NOT EXISTS (SELECT 1 FROM sync_queue q FORCE INDEX (by_status)
                              WHERE q.sync_status = 'PENDING' AND q.id > sync_resync.since
                                AND q.id <= sync_resync.last_sequence)
            ORDER BY request, id DESC
            LIMIT 1
            """;
    private static final String TAKE_WAITING = COLUMNS + READ_WAITING + "FOR UPDATE";
    private static final String HAS_WORK = "SELECT EXISTS (SELECT 1 FROM sync_resync WHERE state = 'QUEUEING')"
            + " OR EXISTS (SELECT 1 FROM sync_site WHERE resync_due IS NOT NULL) OR EXISTS (SELECT 1 FROM (SELECT id FROM"
            + " sync_resync " + READ_WAITING + ") AS ready)";
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
    private static final String COUNT_FAILED = """
            SELECT COUNT(*) FROM sync_queue
            WHERE sync_status = 'FAILED' AND id > :since AND id <= :last AND table_name = :table
            """;
    private static final String SWEEP = """
            INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload)
            VALUES (:table, '*', 'SWEEP', UTC_TIMESTAMP(6),
                    JSON_OBJECT('since', CAST(:since AS CHAR), 'from', :from, 'to', :to))
            """;
    private static final String LIST = """
            SELECT table_name, cause, state, row_count, queued, delete_missing, requested_at, finished_at, problem
            FROM sync_resync
            ORDER BY id DESC
            LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TableShapes shapes;

    /** @param jdbc as the admin, but for {@link #hasWork} and {@link #list} */
    public Resyncs(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.shapes = new TableShapes(jdbc);
    }

    /** Takes a request down; parents come before children. */
    public void request(ResyncRequest request) {
        transactions.runWithoutResult(() -> insert(request, "QUEUEING", ResyncCause.REQUESTED));
    }

    /**
     * Takes down what a new epoch has to send again, if it has.
     *
     * @param tables those under capture
     */
    public void requestDue(List<String> tables) {
        var site = new JdbcSiteState(jdbc);
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

    /** Their triggers are made: what was planned, also before a crash, begins. Answers how many tables that are. */
    public int beginPlanned() {
        return jdbc.sql(BEGIN_PLANNED).update();
    }

    private void insert(ResyncRequest request, String state, ResyncCause cause) {
        long number = jdbc.sql(NEXT_REQUEST).query(Long.class).single();
        for (String table : ForeignKeys.parentsFirst(ForeignKeys.read(jdbc), request.tables())) {
            jdbc.sql(REQUEST)
                    .param("request", number)
                    .param("table", table)
                    .param("from", request.from())
                    .param("to", request.to())
                    .param("delete", request.deleteMissing())
                    .param("cause", cause.name())
                    .param("state", state)
                    .update();
        }
    }

    /** Whether {@link #goOn} would find something to do now. */
    public boolean hasWork() {
        return jdbc.sql(HAS_WORK).query(Boolean.class).single();
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

    /** The latest, the newest first. */
    public List<ResyncProgress> list(int limit) {
        return jdbc.sql(LIST)
                .param("limit", limit)
                .query((row, number) -> new ResyncProgress(
                        row.getString("table_name"),
                        ResyncCause.valueOf(row.getString("cause")),
                        row.getString("state"),
                        row.getObject("row_count", Long.class),
                        row.getLong("queued"),
                        row.getBoolean("delete_missing"),
                        row.getObject("requested_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        moment(row.getObject("finished_at", LocalDateTime.class)),
                        row.getString("problem")))
                .list();
    }

    private void queue(Resync resync, int rows) {
        Optional<TableShape> table =
                shapes.find(resync.table()).filter(shape -> !shape.key().isEmpty());
        if (table.isEmpty()) {
            end(resync, "The table is not there, or has no primary key");
            return;
        }
        jdbc.sql("SAVEPOINT chunk").update();
        try {
            queue(resync, table.get(), rows);
        } catch (DataAccessException e) {
            MySqlFailure failure = MySqlFailure.of(e);
            if (failure.failureClass() != FailureClass.REFUSAL) {
                throw e;
            }
            jdbc.sql("ROLLBACK TO SAVEPOINT chunk").update();
            end(
                    resync,
                    "MySQL refuses, with error " + failure.code() + ", that a row is set to itself: a trigger of the"
                            + " table does, or the range does not fit the key");
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
                next.map(key -> rest.and(order.before(image(key)))).orElse(rest);
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
        waiting.ifPresent(this::sweep);
        return waiting.isPresent();
    }

    /** Were rows refused that DB_A has, the centre's older copies of them would go. */
    private void sweep(Resync resync) {
        long failed = jdbc.sql(COUNT_FAILED)
                .param("since", resync.since())
                .param("last", resync.lastSequence())
                .param("table", resync.table())
                .query(Long.class)
                .single();
        if (failed > 0) {
            end(
                    resync,
                    "Nothing was deleted, for " + failed + " of its rows are FAILED: cure them, retry, and ask again");
            return;
        }
        jdbc.sql(SWEEP)
                .param("table", resync.table())
                .param("since", resync.since() + 1)
                .param("from", resync.from())
                .param("to", resync.to())
                .update();
        end(resync, null);
    }

    private void end(Resync resync, @Nullable String problem) {
        jdbc.sql(END).param("id", resync.id()).param("problem", problem).update();
    }

    private static RowImage image(String json) {
        try {
            return RowImage.ofJson(json);
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Instant moment(@Nullable LocalDateTime time) {
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    private record Resync(
            long id,
            String table,
            @Nullable String from,
            @Nullable String to,
            long since,
            long lastSequence,
            boolean isCounted,
            @Nullable String cursorKey) {
        static Resync of(ResultSet row, int number) throws SQLException {
            return new Resync(
                    row.getLong("id"),
                    row.getString("table_name"),
                    row.getString("from_key"),
                    row.getString("to_key"),
                    row.getLong("since"),
                    row.getLong("last_sequence"),
                    row.getObject("row_count") != null,
                    row.getString("cursor_key"));
        }

        @Nullable
        RowImage cursor() {
            return cursorKey == null ? null : image(cursorKey);
        }
    }
}
