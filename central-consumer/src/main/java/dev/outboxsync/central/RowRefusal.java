package dev.outboxsync.central;

import dev.outboxsync.event.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why the database does not take a row.
 *
 * @param detail the key or column concerned, never a value
 * @param doubt the failure, where its error number does not tell that it is about this row
 */
record RowRefusal(
        Reason reason, @Nullable String detail, @Nullable RuntimeException doubt) {
    RowRefusal(Reason reason, @Nullable String detail) {
        this(reason, detail, null);
    }

    /** Whether a row of that primary key appeared just now: whose it is must be looked up again. */
    boolean isOfPrimaryKey() {
        return reason == Reason.DUPLICATE_KEY && detail != null && detail.endsWith(".PRIMARY");
    }
}
