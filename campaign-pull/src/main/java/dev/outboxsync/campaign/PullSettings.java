package dev.outboxsync.campaign;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.validation.annotation.Validated;

/**
 * When campaigns are pulled, and what counts as complete.
 *
 * @param cron when runs start ({@code CAMPAIGN_CRON}), by the machine's clock and zone; often means fresh data and more calls
 * @param syncCall whether the platform is told to sync each campaign that is new or changed; while off, they are kept in mind
 * @param workers sync calls at once; more helps only where the limit allows more than one in the time of a call
 * @param syncRuns so many runs try a sync call that fails while the platform is there; then it waits for a change, or a person
 * @param passes how often a run reads the list in all when it changes meanwhile
 * @param mostPages where a list that never ends is left
 * @param vanishAfter so many complete runs in a row must miss a campaign before it counts as vanished
 * @param giveUpAfter a platform that is away for longer ends the run; the next one begins anew
 * @param lease how long a puller leads without a sign of life: as long does a second one wait
 * @param lookEvery how often DB_A is asked for a run that another process was told to start, and whether it is there
 * @param keepRuns how long the reports of runs are kept
 */
@Validated
@ConfigurationProperties("campaign-pull")
record PullSettings(
        @DefaultValue("0 */15 * * * *") String cron,
        @DefaultValue("true") boolean syncCall,
        @DefaultValue("2") @Min(1) @Max(100) int workers,
        @DefaultValue("3") @Min(1) int syncRuns,
        @DefaultValue("2") @Min(1) @Max(10) int passes,
        @DefaultValue("10000") @Min(1) int mostPages,
        @DefaultValue("2") @Min(1) int vanishAfter,

        @DefaultValue("12h") @DurationMin(millis = 1) Duration giveUpAfter,

        @DefaultValue("30s") @DurationMin(millis = 10) Duration lease,

        @DefaultValue("2s") @DurationMin(millis = 1) Duration lookEvery,

        @DefaultValue("30d") @DurationMin(millis = 1) Duration keepRuns) {
    PullSettings {
        if (!CronExpression.isValidExpression(cron)) {
            throw new IllegalArgumentException(
                    "CAMPAIGN_CRON must be a cron expression of six fields, e.g. '0 */15 * * * *' for every quarter of an"
                            + " hour");
        }
    }

    /** When a run is due after one that began then. */
    Instant nextAfter(Instant begun) {
        var next = CronExpression.parse(cron).next(begun.atZone(ZoneId.systemDefault()));
        return next == null ? Instant.MAX : next.toInstant();
    }
}
