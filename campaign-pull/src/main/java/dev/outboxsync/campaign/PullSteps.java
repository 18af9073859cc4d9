package dev.outboxsync.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** A run, step by step: PAGES, then SYNCS. Each step begins with the run as it stands in DB_A, and leaves it so. */
@Component
class PullSteps {
    private static final Logger LOG = LoggerFactory.getLogger(PullSteps.class);

    private final PullRuns runs;
    private final ReadingPages reading;
    private final SyncingCampaigns syncing;
    private final JdbcCallLog calls;
    private final CampaignCapture capture;
    private final PullSettings settings;
    private long announced;

    PullSteps(
            PullRuns runs,
            ReadingPages reading,
            SyncingCampaigns syncing,
            JdbcCallLog calls,
            CampaignCapture capture,
            PullSettings settings) {
        this.runs = runs;
        this.reading = reading;
        this.syncing = syncing;
        this.calls = calls;
        this.capture = capture;
        this.settings = settings;
    }

    Optional<PullRun> open() {
        return runs.open();
    }

    /** Begins the scheduled run when its time has come, and at once the very first one, or when the clock was set back. */
    boolean beginIfDue() {
        Instant now = runs.now();
        boolean due = runs.last()
                .map(last -> last.startedAt().isAfter(now)
                        || !settings.nextAfter(last.startedAt()).isAfter(now))
                .orElse(true);
        if (!due || !runs.begin(PullRun.Cause.SCHEDULE)) {
            return false;
        }
        runs.purge(settings.keepRuns());
        calls.forgetOld();
        return true;
    }

    void take(PullRun run) {
        announce(run);
        switch (run.state()) {
            case PAGES -> reading.step(run);
            case SYNCS -> sync(run);
            case DONE, FAILED -> throw new IllegalStateException("Run " + run.id() + " has ended");
        }
        Optional<PullRun> after = runs.open().filter(open -> open.id() == run.id());
        if (after.isEmpty()) {
            runs.latest(run.id() + 1, 1).forEach(PullSteps::report);
        } else if (run.state() == PullRun.State.PAGES && after.get().state() == PullRun.State.SYNCS) {
            reportPages(after.get());
        }
    }

    /** Once in the life of this process. */
    private void announce(PullRun run) {
        if (announced != run.id()) {
            announced = run.id();
            boolean begins = run.pages() == 0 && run.syncCalls() == 0;
            LOG.info("Run {} ({}) {}", run.id(), run.cause(), begins ? "begins" : "goes on where it stopped");
            capture.look();
        }
    }

    private static void reportPages(PullRun run) {
        LOG.info(
                "Run {} has read the list: {} pages, {} new, {} changed, {} unchanged, {} failed; now the sync calls",
                run.id(),
                run.pages(),
                run.created(),
                run.changed(),
                run.unchanged(),
                run.failed());
    }

    private void sync(PullRun run) {
        if (settings.syncCall()) {
            syncing.step(run);
        } else {
            runs.end(run, PullRun.State.DONE, null);
        }
    }

    private static void report(PullRun run) {
        Instant end = run.finishedAt() == null ? run.startedAt() : run.finishedAt();
        LOG.info(
                "Run {} ({}) is {} after {} s: {} pages, {} new, {} changed, {} unchanged, {} failed, {} vanished, {} synced;"
                        + " {} calls for pages, {} for syncs, {} of them faults, {} refused; waited {} s for the limit{}",
                run.id(),
                run.cause(),
                run.state(),
                Duration.between(run.startedAt(), end).toSeconds(),
                run.pages(),
                run.created(),
                run.changed(),
                run.unchanged(),
                run.failed(),
                run.vanished(),
                run.synced(),
                run.listCalls(),
                run.syncCalls(),
                run.faults(),
                run.refused(),
                run.waitedMs() / 1000,
                run.problem() == null ? "" : ". " + run.problem());
        if (run.problem() != null && run.problem().startsWith("CREDENTIALS")) {
            LOG.error("The platform refuses the credentials: correct CAMPAIGN_API_USER and CAMPAIGN_API_PASSWORD, then"
                    + " start campaign-pull anew");
        }
    }
}
