package dev.outboxsync.queue;

/** A table that cannot be put under sync as it is; the message says why and what to do. No waiting mends it. */
public final class UncapturableTableException extends RuntimeException {
    UncapturableTableException(String table, String reasonAndCure) {
        super("Table " + table + " " + reasonAndCure + ".");
    }
}
