package dev.outboxsync.central;

import dev.outboxsync.event.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why the database does not take a row.
 *
 * @param detail the key or column concerned, never a value
 */
record RowRefusal(Reason reason, @Nullable String detail) {
    /** Whether a row of that primary key appeared just now: whose it is must be looked up again. */
    boolean isOfPrimaryKey() {
        return reason == Reason.DUPLICATE_KEY && detail != null && detail.endsWith(".PRIMARY");
    }
}
