package dev.outboxsync.relay;

import dev.outboxsync.queue.PageLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * How a lane goes about its work.
 *
 * @param pageRows most rows of a page
 * @param pageLimit most bytes of a page
 * @param window most rows that are published and not yet acknowledged
 * @param acknowledgementTimeout how long a published row waits for its acknowledgement before it is sent again
 * @param helloEvery how often the centre is asked at most whether a database went back in time
 * @param heartbeat how often the lease is extended and the switch is read
 * @param firstPause pause after a first failure; it doubles with each further one
 * @param longestPause and grows no longer than this
 * @param nextTick the moment of the first cycle after a given moment
 */
public record LaneSettings(
        int pageRows,
        PageLimit pageLimit,
        int window,
        Duration acknowledgementTimeout,
        Duration helloEvery,
        Duration heartbeat,
        Duration firstPause,
        Duration longestPause,
        UnaryOperator<Instant> nextTick) {
    /** How long a cycle waits for the centre before it gives its place up. */
    Duration longestSilence() {
        return acknowledgementTimeout.dividedBy(3);
    }
}
