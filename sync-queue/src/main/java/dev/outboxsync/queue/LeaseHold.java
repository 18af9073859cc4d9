package dev.outboxsync.queue;

/** How a relay came by the lease. */
public enum LeaseHold {
    /** Another relay has it. */
    NONE,
    /** It has it anew: another relay may have led meanwhile, or the database is not the one that it knew. */
    GAINED,
    /** It had it, and has it still, in the same database. */
    EXTENDED
}
