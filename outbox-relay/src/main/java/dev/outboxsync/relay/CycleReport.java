package dev.outboxsync.relay;

import java.time.Duration;
import java.time.Instant;

/**
 * What a cycle did.
 *
 * @param published changes that Kafka has confirmed
 */
public record CycleReport(Instant startedAt, Duration took, long published, Outcome outcome) {
    /** How a cycle, or one page of it, ended. */
    public enum Outcome {
        /** The switch is off. */
        OFFLINE,
        /** The log cannot be reached. */
        UNREACHABLE,
        /** Another relay leads. */
        STANDING_BY,
        /** The centre has not said what it remembers of the site: nothing is published until it has. */
        UNANSWERED,
        /** A page was confirmed; there may be more. */
        SENT,
        /** Nothing is left to send. */
        DRAINED,
        /** So much waits for its acknowledgement that no more is sent; it goes on when some have come. */
        WINDOW_FULL,
        /** Part of a page was not confirmed: the lane backs off. */
        SEND_FAILED;

        /** Whether the lane has to back off. */
        boolean isFailure() {
            return this == UNREACHABLE || this == UNANSWERED || this == SEND_FAILED;
        }

        /** A failure for a person, where the session knows of no problem. */
        String inWords() {
            return this == UNANSWERED ? "the centre does not answer" : "Kafka did not confirm all changes";
        }
    }
}
