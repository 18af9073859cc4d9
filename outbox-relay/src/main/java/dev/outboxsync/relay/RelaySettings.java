package dev.outboxsync.relay;

import dev.outboxsync.event.Site;
import dev.outboxsync.queue.PageLimit;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.UnaryOperator;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The relay's settings.
 *
 * @param site name of the site ({@code SITE_ID}); must be the one that DB_A belongs to
 * @param online {@code IS_ONLINE}; a value changed since the last start wins over the switch kept in DB_A
 * @param cron when cycles start ({@code SYNC_CRON}), by the machine's clock and zone; a short period means fresh data at
 *     the centre and more polls
 * @param pageRows most rows published at once; more means fewer round trips and longer waits in between
 * @param pageBytes most payload held in memory at once
 * @param longestPayload a row image beyond it is FAILED as TOO_LARGE; keep it below Kafka's max.request.size
 * @param window most rows published and not yet acknowledged; bounds what a lost acknowledgement sends again
 * @param acknowledgementTimeout how long a row waits for its acknowledgement before it is sent again; shorter heals
 *     sooner, and repeats more when the centre is merely slow
 * @param helloEvery how often the centre is asked at most, at the start of a cycle, whether a database went back in time;
 *     seldom means fewer records, and a restored DB_B noticed later
 * @param lease how long a relay leads without a sign of life: as long does a second one wait; longer than a page may take
 * @param firstPause pause of the lane after a first failure, doubled with each further one
 * @param longestPause bound of these pauses, and so of the time that recovery is noticed late
 * @param patience how long a change is sent again that the centre may yet catch up with, before it is FAILED
 * @param connectivityTimeout how long Kafka may take to say that it is there; also the producer's max.block.ms
 * @param sendTimeout how long Kafka may take to confirm a page; the producer's delivery.timeout.ms
 */
@Validated
@ConfigurationProperties("relay")
public record RelaySettings(
        @DefaultValue("site-1") @NotNull String site,

        @DefaultValue("true") @Pattern(regexp = "true|false", message = "IS_ONLINE must be true or false")
        String online,

        @DefaultValue("0 */2 * * * *") @NotNull String cron,
        @DefaultValue("5000") @Min(1) @Max(100_000) int pageRows,
        @DefaultValue("8MB") @NotNull DataSize pageBytes,
        @DefaultValue("1000KB") @NotNull DataSize longestPayload,
        @DefaultValue("20000") @Min(1) @Max(1_000_000) int window,

        @DefaultValue("60s") @NotNull @DurationMin(millis = 1)
        Duration acknowledgementTimeout,

        @DefaultValue("1m") @NotNull @DurationMin(millis = 1)
        Duration helloEvery,

        @DefaultValue("30s") @NotNull @DurationMin(millis = 1)
        Duration lease,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 1)
        Duration firstPause,

        @DefaultValue("30s") @NotNull @DurationMin(millis = 1)
        Duration longestPause,

        @DefaultValue("24h") @NotNull @DurationMin(millis = 1)
        Duration patience,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 1)
        Duration connectivityTimeout,

        @DefaultValue("20s") @NotNull @DurationMin(millis = 1)
        Duration sendTimeout) {

    public RelaySettings {
        new Site(site);
        if (!CronExpression.isValidExpression(cron)) {
            throw new IllegalArgumentException(
                    "SYNC_CRON must be a cron expression of six fields, e.g. '0 */2 * * * *' for every two minutes");
        }
        if (lease.compareTo(sendTimeout.plus(connectivityTimeout)) <= 0) {
            throw new IllegalArgumentException("relay.lease must be longer than relay.send-timeout and"
                    + " relay.connectivity-timeout together: a relay that still waits for Kafka would else lead beside"
                    + " another one");
        }
        if (firstPause.compareTo(longestPause) > 0) {
            throw new IllegalArgumentException("relay.first-pause must not be longer than relay.longest-pause");
        }
    }

    /** The site's name, checked. */
    public Site siteName() {
        return new Site(site);
    }

    /** {@code IS_ONLINE} as a truth value. */
    boolean startOnline() {
        return Boolean.parseBoolean(online);
    }

    LaneSettings lane() {
        CronExpression schedule = CronExpression.parse(cron);
        return new LaneSettings(
                pageRows,
                new PageLimit(pageBytes.toBytes(), longestPayload.toBytes()),
                window,
                acknowledgementTimeout,
                helloEvery,
                lease.dividedBy(3),
                firstPause,
                longestPause,
                next(schedule));
    }

    private static UnaryOperator<Instant> next(CronExpression schedule) {
        return moment -> {
            var next = schedule.next(moment.atZone(ZoneId.systemDefault()));
            return next == null ? Instant.MAX : next.toInstant();
        };
    }
}
