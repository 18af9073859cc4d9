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
    private static final String BEGIN_PLANNED = "UPDATE sync_resync SET state = 'QUEUEING' WHERE state = 'PLANNED'";
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
    // What has been settled since the resync began says nothing of a database that was restored. The lock keeps an
    // epoch
    // from beginning before the sweep is queued; see Epochs for what becomes of it then.
    private static final String HOLD_EPOCH = "SELECT epoch FROM sync_site WHERE id = 1 FOR SHARE";
    // index by_status
    private static final String READ_REFUSED = """
            SELECT COUNT(*), CAST(JSON_ARRAYAGG(record_id) AS CHAR)
            FROM (
              SELECT DISTINCT record_id FROM sync_queue
              WHERE sync_status IN ('FAILED', 'PENDING') AND id > :since AND id <= :last AND table_name = :table
                AND NOT (:leaf AND sync_status = 'PENDING' AND SUBSTRING_INDEX(last_error, ' ', 1) = 'MISSING_PARENT')
              LIMIT :limit) AS refused
            """;
    private static final String SWEEP = """
            INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload)
            SELECT :table, '*', 'SWEEP', UTC_TIMESTAMP(6),
                   JSON_OBJECT('since', CAST(:since AS CHAR), 'epoch', CAST(:epoch AS CHAR), 'from', :from, 'to', :to,
                               'except', :except, 'seen', CAST(acknowledgement_number AS CHAR),
                               'mark', acknowledgement_mark)
            FROM sync_site
            """;
    /** Named in a sweep's record, which has to fit into Kafka. */
    private static final int MOST_REFUSED = 1_000;

    private static final String NOTE_SWEEP = "UPDATE sync_resync SET sweep_sequence = LAST_INSERT_ID() WHERE id = :id";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TableShapes shapes;

    /** @param jdbc as the admin */
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
     * Takes down what a new epoch has to send again, if it has. Where DB_A went back before, and nobody has asked since
     * for what is missing to be deleted, nothing is deleted now either.
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
            boolean undecided = cause == ResyncCause.DB_B_WENT_BACK && isUndecided(table);
            jdbc.sql(REQUEST)
                    .param("request", number)
                    .param("table", table)
                    .param("from", request.from())
                    .param("to", request.to())
                    .param("delete", request.deleteMissing() && !undecided)
                    .param("problem", undecided ? UNDECIDED : null)
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

    /**
     * The centre's older copies of rows that DB_A has, but that were refused, must not go: they are named. But one that
     * waits for its parent may be what keeps a row from being deleted whose place the parent waits for: it goes, and comes
     * again.
     */
    private void sweep(Resync resync) {
        if (jdbc.sql(HOLD_EPOCH).query(Integer.class).single() != resync.sinceEpoch()) {
            end(
                    resync,
                    "Nothing was deleted, for DB_A or DB_B was restored meanwhile. If rows that only DB_B has are still"
                            + " there after the resync that followed, request this one again");
            return;
        }
        Refused refused = jdbc.sql(READ_REFUSED)
                .param("since", resync.since())
                .param("last", resync.lastSequence())
                .param("table", resync.table())
                .param("leaf", nothingRefersTo(resync.table()))
                .param("limit", MOST_REFUSED + 1)
                .query((row, number) -> new Refused(row.getInt(1), row.getString(2)))
                .single();
        if (refused.count() <= MOST_REFUSED) {
            jdbc.sql(SWEEP)
                    .param("table", resync.table())
                    .param("since", resync.since() + 1)
                    .param("epoch", resync.sinceEpoch())
                    .param("from", resync.from())
                    .param("to", resync.to())
                    .param("except", refused.records())
                    .update();
            jdbc.sql(NOTE_SWEEP).param("id", resync.id()).update();
        }
        end(resync, refused.problem());
    }

    private boolean nothingRefersTo(String table) {
        return ForeignKeys.read(jdbc).stream().noneMatch(key -> key.parent().equals(table));
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

    /** @param records as a JSON array; null when there are none */
    private record Refused(int count, @Nullable String records) {
        @Nullable
        String problem() {
            if (count > MOST_REFUSED) {
                return "Nothing was deleted, for more than " + MOST_REFUSED
                        + " of its rows were refused: cure them, retry, and ask again";
            }
            return count == 0
                    ? null
                    : count
                            + " of its rows were refused, and the centre keeps its older copies of them: cure what is still"
                            + " refused, and retry";
        }
    }

    private record Resync(
            long id,
            String table,
            @Nullable String from,
            @Nullable String to,
            int sinceEpoch,
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
                    row.getInt("since_epoch"),
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
