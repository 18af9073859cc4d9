package dev.outboxsync.queue;

/** Which relay of a site leads. A lease on the database's clock, so that the relays' own clocks do not matter. */
public interface LeaderLease {
    /** Takes the lease, or extends it. Unless it is {@code NONE}, this relay leads for the length of the lease from now on. */
    LeaseHold acquire();

    /** Whether the lease that was last acquired stands in the database still. Extends nothing. */
    boolean stands();

    /** Gives the lease up, so that another relay need not wait for its end. */
    void release();
}
