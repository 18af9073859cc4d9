package dev.outboxsync.central;

/** MySQL answers with an error number that nobody knows, and nothing shows that it is about one row. */
final class DoubtfulRefusalException extends RuntimeException {
    DoubtfulRefusalException(RuntimeException cause) {
        super(cause);
    }
}
