package dev.outboxsync.queue;

import dev.outboxsync.mysql.Transactions;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An operator's retry: FAILED rows become PENDING again, but for those that a later change of their record has overtaken:
 * under a later epoch such an old state would count as the newest. Their retry count stays, for it tells what was tried.
 */
public final class FailedChanges {
    private static final int CHUNK = 1_000;
    // Index by_status, then by_record for each; takes no locks: the conditional statement behind it has the last word.
    static final String READ_FAILED = """
            SELECT id FROM sync_queue q
            WHERE sync_status = 'FAILED' AND id > :after AND NOT %s
            ORDER BY id
            LIMIT :limit
            """.formatted(Overtaken.CONDITION);
    // Primary key.
    static final String READ_THESE_FAILED =
            "SELECT id FROM sync_queue q WHERE id IN (:ids) AND sync_status = 'FAILED' AND NOT " + Overtaken.CONDITION;
    private static final String RETRY = """
            UPDATE sync_queue
            SET sync_status = 'PENDING', refused_since = NULL
            WHERE id IN (:ids) AND sync_status = 'FAILED'
            """;
    private static final String SUBTRACT_TOTALS = "UPDATE sync_site SET failed = failed - :retried WHERE id = 1";

    private final JdbcClient jdbc;
    private final Transactions transactions;

    public FailedChanges(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** Retries every FAILED row that was not overtaken, in transactions of 1,000. Returns how many. */
    public int retryAll() {
        int retried = 0;
        List<Long> ids = failedAfter(0);
        while (!ids.isEmpty()) {
            retried += makePending(ids);
            ids = failedAfter(ids.get(ids.size() - 1));
        }
        return retried;
    }

    /** Retries those of these rows that are FAILED and were not overtaken, all or none. Returns how many. */
    public int retry(List<Long> ids) {
        List<Long> failed =
                jdbc.sql(READ_THESE_FAILED).param("ids", ids).query(Long.class).list();
        return failed.isEmpty() ? 0 : makePending(failed);
    }

    private int makePending(List<Long> ids) {
        return transactions.run(() -> {
            int retried = jdbc.sql(RETRY).param("ids", ids).update();
            jdbc.sql(SUBTRACT_TOTALS).param("retried", retried).update();
            return retried;
        });
    }

    private List<Long> failedAfter(long id) {
        return jdbc.sql(READ_FAILED)
                .param("after", id)
                .param("limit", CHUNK)
                .query(Long.class)
                .list();
    }
}
