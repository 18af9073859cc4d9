package dev.outboxsync.simulation;

/** The end of a process between two of its steps: nothing in it may catch this. */
final class Crash extends Error {
    Crash() {
        super("crash", null, false, false);
    }
}
