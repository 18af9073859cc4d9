package dev.outboxsync.queue;

/** What a new epoch has to send again. */
public enum ResyncDue {
    /** DB_A went back: its rows. What only DB_B has may be all that is left of what DB_A lost: a person decides. */
    ROWS,
    /** DB_B alone went back: DB_A's rows, and what DB_A does not hold is deleted at the centre, if nobody has to decide. */
    ROWS_AND_SWEEP
}
