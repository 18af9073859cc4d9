package dev.outboxsync.simulation;

/** The promise is broken. */
final class Violation extends Error {
    Violation(String message) {
        super(message);
    }
}
