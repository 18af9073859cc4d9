package dev.outboxsync.central;

import org.jspecify.annotations.Nullable;

/** The database is not as it was taken to be: roll the transaction back, look again, and go one by one. */
final class UnexpectedStateException extends RuntimeException {
    UnexpectedStateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
