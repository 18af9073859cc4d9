package dev.outboxsync.event;

/** What was done to a record, or to a table. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    /**
     * Ends a resync: what this site delivered of the table and has not sent again since is gone there. Its record is
     * {@code *}, its row {@code since}, {@code from} and {@code to}.
     */
    SWEEP
}
