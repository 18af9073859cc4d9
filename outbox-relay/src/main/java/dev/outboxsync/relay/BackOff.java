package dev.outboxsync.relay;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Pauses of the whole lane after failures: each twice the last, up to a bound, each shortened by up to a half. */
final class BackOff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    BackOff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** Counts a failure. Returns the pause before the next attempt. */
    Duration failed() {
        long doubled = first.toMillis() << Math.min(failures++, 20);
        double pause = (double) Math.min(longest.toMillis(), doubled);
        return Duration.ofMillis((long) (pause * (1 - random.nextDouble() / 2)));
    }

    void succeeded() {
        failures = 0;
    }

    boolean failing() {
        return failures > 0;
    }
}
