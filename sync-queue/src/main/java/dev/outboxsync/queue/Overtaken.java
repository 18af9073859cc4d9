package dev.outboxsync.queue;

/**
 * What a FAILED row is when a later change of its record is SYNCED, or an epoch has begun that does its work anew: no problem
 * any more, for DB_B has the newer state. The row stays FAILED, which is what happened to it. See decision record 0020.
 */
final class Overtaken {
    /** Why a row was given up when an epoch began. */
    static final String REASON = "OVERTAKEN";

    // Index by_record, to the first later entry that is SYNCED. A sweep of one range says nothing of another range's.
    private static final String LATER = """
            FROM sync_queue later FORCE INDEX (by_record)
            WHERE later.table_name = q.table_name AND later.record_id = q.record_id AND later.id > q.id
              AND later.sync_status = 'SYNCED' AND q.operation <> 'SWEEP'
            """;

    /** Of a row {@code q}, whether a person need not care any more if it is FAILED. */
    static final String CONDITION = "(q.last_error <=> '" + REASON + "' OR EXISTS (SELECT 1 " + LATER + "))";

    /** The id of the change that overtook {@code q}; NULL when q is not FAILED or nothing did. */
    static final String BY = "IF(q.sync_status = 'FAILED', (SELECT later.id " + LATER
            + " ORDER BY later.table_name, later.record_id, later.id LIMIT 1), NULL)";

    private Overtaken() {}
}
