package dev.outboxsync.queue;

import dev.outboxsync.event.Site;

/** What the site's database knows of the site itself. An outage of the database is an unchecked exception. */
public interface SiteState {
    /** The site this database belongs to. */
    Site site();

    /** The epoch under which changes are published. */
    int epoch();

    /** Epoch and greatest acknowledgement, of one moment. */
    SiteStanding standing();

    /** The switch: false holds the relay back. */
    boolean online();
}
