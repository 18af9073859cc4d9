package dev.outboxsync.steering.problem;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much a service takes from its clients.
 *
 * @param largestBody what is larger is refused unread; our largest record is far below it
 * @param longestUpload when the last octet must have come; far above it is slow: a body of 64 KB over the worst of links
 * @param perSecond more is refused; more than DB_A commits, enough for a hundred tills
 */
@ConfigurationProperties("requests")
record RequestSettings(
        @DefaultValue("64KB") DataSize largestBody,
        @DefaultValue("30s") Duration longestUpload,
        @DefaultValue("2000") int perSecond) {
    RequestSettings {
        if (largestBody.toBytes() <= 0 || largestBody.toBytes() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("requests.largest-body must be more than 0 and less than 1GB");
        }
        if (longestUpload.isNegative() || longestUpload.isZero()) {
            throw new IllegalArgumentException("requests.longest-upload must be more than 0");
        }
        if (perSecond <= 0) {
            throw new IllegalArgumentException("requests.per-second must be more than 0");
        }
    }
}
