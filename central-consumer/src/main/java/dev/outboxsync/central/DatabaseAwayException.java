package dev.outboxsync.central;

/** The central database gives no connection: no lane can be served now, and each attempt would cost a time-out. */
public final class DatabaseAwayException extends RuntimeException {
    public DatabaseAwayException(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
