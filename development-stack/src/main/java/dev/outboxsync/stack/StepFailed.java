package dev.outboxsync.stack;

/** A step of the story did not go as it should; the message says what was seen instead. */
final class StepFailed extends RuntimeException {
    StepFailed(String seen) {
        super(seen);
    }
}
