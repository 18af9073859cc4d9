package dev.outboxsync.queue;

/** Which relay of a site leads. A lease on the database's clock, so that the relays' own clocks do not matter. */
public interface LeaderLease {
    /**
     * Takes the lease, or extends it.
     *
     * @return whether this relay leads for the length of the lease from now on
     */
    boolean acquire();

    /** Gives the lease up, so that another relay need not wait for its end. */
    void release();
}
