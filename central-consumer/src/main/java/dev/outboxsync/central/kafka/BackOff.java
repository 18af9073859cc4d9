package dev.outboxsync.central.kafka;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a lane waits after a failure: twice as long each time, up to a limit, a random half of it taken off, so that
 * the lanes do not come back all at once.
 *
 * @param first after the first failure; short, for most outages are
 * @param longest how late a healed lane may notice, against how often a dead database is asked
 */
@ConfigurationProperties("central.back-off")
record BackOff(
        @DefaultValue("200ms") Duration first,
        @DefaultValue("30s") Duration longest) {
    BackOff {
        if (first.toMillis() < 1 || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "central.back-off: first must be at least 1ms, and longest not shorter than first");
        }
    }

    /** The pause after so many failures in a row, counted from 1. */
    Duration after(int failures, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(failures - 1, 20);
        long most = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(most - random.nextLong(most / 2 + 1));
    }
}
