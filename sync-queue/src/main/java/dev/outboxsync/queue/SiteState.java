package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Site;

/** What the site's database knows of the site itself. An outage of the database is an unchecked exception. */
public interface SiteState {
    /** The site this database belongs to. */
    Site site();

    /** The epoch under which changes are published. */
    int epoch();

    /** Epoch and greatest acknowledgement, of one moment. */
    SiteStanding standing();

    /**
     * Begins an epoch, if the present one is still the expected one: what is PENDING goes out under it, and what is due is
     * sent again.
     *
     * @param seen the acknowledgement that showed that a database went back: from it on they are counted
     * @return whether it has begun
     */
    boolean beginEpoch(int expected, int next, AcknowledgementId seen, ResyncDue due);

    /** The switch: false holds the relay back. */
    boolean online();
}
