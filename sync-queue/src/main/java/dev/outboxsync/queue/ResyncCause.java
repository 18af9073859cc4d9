package dev.outboxsync.queue;

/** Why rows are queued again. */
public enum ResyncCause {
    /** A person asked for it. */
    REQUESTED,
    /** The table came under sync, or its triggers had to be made anew. */
    NEW_TABLE,
    /** DB_A was set back. Rows that only DB_B has stay there until a person asks for a resync with delete_missing. */
    DB_A_WENT_BACK,
    /** DB_B was set back. Rows of this site that only DB_B has are deleted there, unless DB_A went back before that. */
    DB_B_WENT_BACK;

    static ResyncCause of(ResyncDue due) {
        return due == ResyncDue.ROWS ? DB_A_WENT_BACK : DB_B_WENT_BACK;
    }
}
