package dev.outboxsync.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.outboxsync.event.UtcTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as people see it; {@code new} is Java's own word, so the row says created. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record RunAnswer(
        long id,
        PullRun.Cause cause,
        PullRun.State state,
        String startedAt,
        @Nullable String finishedAt,
        @Nullable String expectedEndAt,
        long tookMs,
        @Nullable String problem,
        Progress progress,
        Counts campaigns,
        Calls calls,
        List<FailureAnswer> failures) {
    /** @param syncsDue sync calls still to be made, by this run or a later one */
    record Progress(
            int pass,
            int pages,
            long ofPages,
            long synced,
            @Nullable Long syncsDue) {}

    record Counts(
            @JsonProperty("new") long created,

            long changed,
            long unchanged,
            long duplicates,
            long vanished,
            long failed) {}

    /** @param refused answered 429 */
    record Calls(long made, long list, long sync, long faults, long refused, long waitedForLimitMs) {}

    record FailureAnswer(
            @Nullable String campaignId, @Nullable Integer page, String reason) {
        static FailureAnswer of(PageResult.Problem problem) {
            return new FailureAnswer(problem.campaign(), problem.page(), problem.reason());
        }
    }

    /**
     * @param syncsDue null for a run that has ended
     * @param expectedEnd null where nothing is known yet, and of a run that has ended
     */
    static RunAnswer of(
            PullRun run,
            List<PageResult.Problem> problems,
            @Nullable Long syncsDue,
            @Nullable Instant expectedEnd,
            Instant now) {
        Instant end = run.finishedAt() == null ? now : run.finishedAt();
        return new RunAnswer(
                run.id(),
                run.cause(),
                run.state(),
                UtcTime.text(run.startedAt()),
                run.finishedAt() == null ? null : UtcTime.text(run.finishedAt()),
                expectedEnd == null ? null : UtcTime.text(expectedEnd),
                Duration.between(run.startedAt(), end).toMillis(),
                run.problem(),
                new Progress(run.pass(), run.pages(), run.pagesInAll(), run.synced(), syncsDue),
                new Counts(
                        run.created(), run.changed(), run.unchanged(), run.duplicates(), run.vanished(), run.failed()),
                new Calls(
                        run.listCalls() + run.syncCalls(),
                        run.listCalls(),
                        run.syncCalls(),
                        run.faults(),
                        run.refused(),
                        run.waitedMs()),
                problems.stream().map(FailureAnswer::of).toList());
    }
}
