package dev.outboxsync.central;

/** The sites' lanes of changes, as the start of the service sees them. */
public interface ChangeLanes {
    /**
     * Begins to apply what comes; does nothing when that has begun. Returns at once.
     *
     * @throws RuntimeException when it cannot begin now
     */
    void open();

    /** Whether changes would be received now. Answers at once. */
    boolean areOpen();
}
