package dev.outboxsync.central;

import org.springframework.dao.DataAccessException;

/** MySQL answers with an error number that nobody knows, and nothing shows that it is about one row. */
final class DoubtfulRefusalException extends RuntimeException {
    DoubtfulRefusalException(DataAccessException cause) {
        super(cause);
    }
}
