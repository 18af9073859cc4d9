package dev.outboxsync.central;

import dev.outboxsync.event.Reason;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.TableShape;
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

    /** What MySQL says to a statement about rows of the table. */
    static RowRefusal of(TableShape table, MySqlFailure failure, RuntimeException cause) {
        return failure.reason() == null
                ? new RowRefusal(Reason.INVALID_VALUE, table.name() + ", " + failure.inWords(), cause)
                : new RowRefusal(failure.reason(), detail(table.name(), failure.detail()));
    }

    /** MySQL names a key with its table, a column without. */
    private static String detail(String table, @Nullable String named) {
        if (named == null) {
            return table;
        }
        return named.contains(".") ? named : table + "." + named;
    }

    /** Whether a row of that primary key appeared just now: whose it is must be looked up again. */
    boolean isOfPrimaryKey() {
        return reason == Reason.DUPLICATE_KEY && detail != null && detail.endsWith(".PRIMARY");
    }
}
