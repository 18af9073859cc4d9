package dev.outboxsync.queue;

/** The life of a row of {@code sync_queue}. Drawn in {@code docs/life-of-a-row.md}. */
public enum SyncStatus {
    /**
     * Not yet known to be in DB_B. A trigger makes the row so, or an operator's retry. A crash of anything leaves it here,
     * and it is sent again: "published, not yet acknowledged" is knowledge of the running relay, not a status.
     */
    PENDING,
    /** In DB_B: the relay moves a row here for an acknowledgement that was sent after DB_B's commit. Terminal. */
    SYNCED,
    /** Refused for good, by the centre or because Kafka takes no such record. Left by an operator's retry alone, and for good once overtaken. */
    FAILED;

    /** Whether a row may go from this status to the other one. */
    public boolean mayBecome(SyncStatus next) {
        return switch (this) {
            case PENDING -> next == SYNCED || next == FAILED;
            case FAILED -> next == PENDING;
            case SYNCED -> false;
        };
    }
}
