package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.PlatformSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reports of runs, and when the open one is expected to end. */
@Component
class RunReports {
    private static final int MOST_PROBLEMS = 100;

    private final Ledger ledger;
    private final PlatformSettings platform;
    private final PullSettings settings;
    private final CampaignCapture capture;

    RunReports(Ledger ledger, PlatformSettings platform, PullSettings settings, CampaignCapture capture) {
        this.ledger = ledger;
        this.platform = platform;
        this.settings = settings;
        this.capture = capture;
    }

    /** Whether what is pulled goes on to DB_B; null where that is not known. */
    @Nullable
    Boolean captured() {
        return capture.isOn();
    }

    List<RunAnswer> latest(long before, int most) {
        Instant now = ledger.runs().now();
        return ledger.runs().latest(before, most).stream()
                .map(run -> answer(run, now))
                .toList();
    }

    private RunAnswer answer(PullRun run, Instant now) {
        List<PageResult.Problem> problems =
                run.failed() == 0 ? List.of() : ledger.runs().problems(run, MOST_PROBLEMS);
        if (run.finishedAt() != null) {
            return RunAnswer.of(run, problems, null, null, now);
        }
        long due = settings.syncCall() ? ledger.states().countDue() : 0;
        return RunAnswer.of(run, problems, due, expectedEnd(run, due, now), now);
    }

    /** By the calls that are left, as many more as needed so far because of faults, at the pace of the limit. */
    private @Nullable Instant expectedEnd(PullRun run, long due, Instant now) {
        boolean reading = run.state() == PullRun.State.PAGES;
        if (reading && (run.problem() != null || run.pagesInAll() == 0)) {
            return null;
        }
        long pages = reading ? Math.max(0, run.pagesInAll() - run.nextPage() + 1) : 0;
        // what is not read yet may be new, and then is synced
        long mayBeDue = settings.syncCall() && run.created() > 0 ? pages * platform.pageSize() : 0;
        long made = run.listCalls() + run.syncCalls();
        long useful = Math.max(1, made - run.faults() - run.refused());
        double calls = (pages + due + mayBeDue) * Math.max(1.0, (double) made / useful);
        Duration each = platform.window().dividedBy(platform.calls());
        return now.plusMillis((long) (calls * each.toMillis()));
    }
}
