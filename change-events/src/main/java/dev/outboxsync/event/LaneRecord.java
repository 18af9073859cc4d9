package dev.outboxsync.event;

/** What a site writes to its topic of changes. */
public sealed interface LaneRecord permits ChangeEvent, Hello {
    /** Who says that it wrote it. */
    Site site();

    /** The site's epoch when it was published. */
    int epoch();
}
