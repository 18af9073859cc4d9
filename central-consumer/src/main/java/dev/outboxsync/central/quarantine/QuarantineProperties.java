package dev.outboxsync.central.quarantine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the quarantine keeps what it has.
 *
 * @param keep then an entry is dropped: long enough for somebody to look, and no longer, for it may hold people's data
 * @param purgeEvery how often older ones are looked for
 */
@ConfigurationProperties("central.quarantine")
record QuarantineProperties(
        @DefaultValue("90d") Duration keep,
        @DefaultValue("10m") Duration purgeEvery) {
    QuarantineProperties {
        demand(isPositive(keep), "keep must be more than 0");
        demand(isPositive(purgeEvery), "purge-every must be more than 0");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void demand(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException("central.quarantine." + sentence);
        }
    }
}
