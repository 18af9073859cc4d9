package dev.outboxsync.campaign.platform;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How the platform is reached, and how gently.
 *
 * @param url where its API begins ({@code CAMPAIGN_API_URL}); credentials go there and nowhere else
 * @param user who is given a token ({@code CAMPAIGN_API_USER})
 * @param password {@code CAMPAIGN_API_PASSWORD}
 * @param clientId whose limit it is ({@code CAMPAIGN_API_CLIENT_ID}); who shares it shares the limit
 * @param pageSize campaigns asked for at once; more means fewer calls, where the platform gives more
 * @param calls how many calls the platform takes within the window
 * @param window the time in which so many calls are taken; it slides
 * @param windowMargin added to it, for clocks that do not run alike; more is slower, less risks refusals
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long a whole answer may take; a sync takes about 2 s
 * @param largestAnswer what is larger is refused unread
 * @param attempts how often a call is made in all before it is given up, for what may pass
 * @param firstPause before the second attempt; doubled with each further one, with jitter
 * @param longestPause between two attempts at most
 * @param longestHold most that a Retry-After is obeyed: a wrong one must not stop us for ever
 * @param outagePause how long the circuit breaker keeps everybody off a platform that fails; doubled while it fails
 * @param longestOutagePause bound of that pause, and so of the time that recovery is noticed late
 */
@Validated
@ConfigurationProperties("campaign-pull.platform")
public record PlatformSettings(
        URI url,
        String user,
        String password,
        String clientId,
        @DefaultValue("10") @Min(1) @Max(1_000) int pageSize,
        @DefaultValue("10") @Min(1) @Max(100_000) int calls,

        @DefaultValue("60s") @DurationMin(millis = 1) Duration window,

        @DefaultValue("250ms") @DurationMin(millis = 0) Duration windowMargin,

        @DefaultValue("5s") @DurationMin(millis = 1) Duration connectTimeout,

        @DefaultValue("10s") @DurationMin(millis = 1) Duration readTimeout,

        @DefaultValue("2MB") DataSize largestAnswer,
        @DefaultValue("8") @Min(1) @Max(100) int attempts,

        @DefaultValue("500ms") @DurationMin(millis = 1) Duration firstPause,

        @DefaultValue("30s") @DurationMin(millis = 1) Duration longestPause,

        @DefaultValue("10m") @DurationMin(millis = 1) Duration longestHold,

        @DefaultValue("15s") @DurationMin(millis = 1) Duration outagePause,

        @DefaultValue("5m") @DurationMin(millis = 1) Duration longestOutagePause) {
    private static final long MOST_BYTES = 64L * 1024 * 1024;

    public PlatformSettings {
        demand(
                List.of("http", "https").contains(String.valueOf(url.getScheme()))
                        && url.getHost() != null
                        && url.getRawUserInfo() == null
                        && url.getRawQuery() == null
                        && url.getRawFragment() == null,
                "CAMPAIGN_API_URL must be like https://ads.example.org");
        demand(!user.isBlank() && user.indexOf(':') < 0, "CAMPAIGN_API_USER must be set, without a colon");
        demand(!password.isEmpty(), "CAMPAIGN_API_PASSWORD must be set");
        demand(
                clientId.matches("[\\x21-\\x7e]{1,100}"),
                "CAMPAIGN_API_CLIENT_ID must be 1 to 100 visible ASCII characters");
        demand(
                largestAnswer.toBytes() > 0 && largestAnswer.toBytes() <= MOST_BYTES,
                "campaign-pull.platform.largest-answer must be 1B to 64MB");
        demand(
                firstPause.compareTo(longestPause) <= 0,
                "campaign-pull.platform.first-pause must not be longer than campaign-pull.platform.longest-pause");
        demand(
                outagePause.compareTo(longestOutagePause) <= 0,
                "campaign-pull.platform.outage-pause must not be longer than"
                        + " campaign-pull.platform.longest-outage-pause");
    }

    /** How long a call may last until it is given up: by then it has reached the platform, or never will. */
    Duration longestCall() {
        return connectTimeout.plus(readTimeout);
    }

    /** How long a call counts. */
    Duration wholeWindow() {
        return window.plus(windowMargin);
    }

    /** Names no password: records print all they hold. */
    @Override
    public String toString() {
        return "PlatformSettings[" + url + "]";
    }

    private static void demand(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
