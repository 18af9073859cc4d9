package dev.outboxsync.local.repeat;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How repeated requests are known; application.yml has the defaults.
 *
 * @param longestKey characters that an Idempotency-Key may have, at most 255
 * @param keep how long a key is remembered at least: longer than any client repeats, and no longer, for what is kept holds
 *     the record
 * @param purgeEvery how often older ones are deleted
 * @param purgeRows how many in one transaction; many are quick, few let writers in between
 */
@ConfigurationProperties("local-api.idempotency")
public record RepeatProperties(int longestKey, Duration keep, Duration purgeEvery, int purgeRows) {
    private static final int COLUMN = 255;

    public RepeatProperties {
        demand(longestKey >= 1 && longestKey <= COLUMN, "longest-key must be 1 to " + COLUMN);
        demand(isPositive(keep), "keep must be more than 0");
        demand(isPositive(purgeEvery), "purge-every must be more than 0");
        demand(purgeRows >= 1 && purgeRows <= 10_000, "purge-rows must be 1 to 10000");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void demand(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException("local-api.idempotency." + sentence);
        }
    }
}
