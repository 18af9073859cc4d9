package dev.outboxsync.queue;

import dev.outboxsync.mysql.ForeignKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What ends a resync that deletes: a change that tells the centre to delete what the site holds no longer. */
final class Sweeps {
    // What has been settled since the resync began says nothing of a database that was restored. The lock keeps an
    // epoch from beginning before the sweep is queued; see Epochs for what becomes of it then.
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

    Sweeps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Queues the sweep of a table whose rows were all queued and answered; within the caller's transaction.
     *
     * <p>The centre's older copies of rows that DB_A has, but that were refused, must not go: they are named. But one that
     * waits for its parent may be what keeps a row from being deleted whose place the parent waits for: it goes, and comes
     * again.
     *
     * @return why nothing is deleted, or less than all that is missing; null for no such reason
     */
    @Nullable
    String queue(Resync resync) {
        if (jdbc.sql(HOLD_EPOCH).query(Integer.class).single() != resync.sinceEpoch()) {
            return "Nothing was deleted, for DB_A or DB_B was restored meanwhile. If rows that only DB_B has are still"
                    + " there after the resync that followed, request this one again";
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
        return refused.problem();
    }

    private boolean nothingRefersTo(String table) {
        return ForeignKeys.read(jdbc).stream().noneMatch(key -> key.parent().equals(table));
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
}
