package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.CampaignPage;
import dev.outboxsync.campaign.platform.PlatformClient;
import dev.outboxsync.campaign.platform.PlatformFailure;
import dev.outboxsync.mysql.Transactions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the list from the run's cursor to its end. A page that fails alone is given up with a reason, and the rest goes on. */
@Component
class ReadingPages {
    /** So many pages in a row that bring nothing new: the list may skip a page, but not go on so for ever. */
    private static final int MOST_FRUITLESS = 3;

    private static final String CHANGED_MEANWHILE =
            "LIST_CHANGED: the list changed while it was read; what was missed comes with the next run";

    private final PlatformClient platform;
    private final Outage outage;
    private final StoringPages storing;
    private final Transactions transactions;
    private final Ledger ledger;
    private final PullSettings settings;
    /** Forgotten in a kill, which costs at most as many calls. */
    private int fruitless;

    ReadingPages(
            PlatformClient platform,
            Outage outage,
            StoringPages storing,
            Transactions transactions,
            Ledger ledger,
            PullSettings settings) {
        this.platform = platform;
        this.outage = outage;
        this.storing = storing;
        this.transactions = transactions;
        this.ledger = ledger;
        this.settings = settings;
    }

    /** Takes the page at the cursor, and ends the pass with the last one. The run is to be read anew for the next step. */
    void step(PullRun run) {
        int number = run.nextPage();
        fruitless = number == 1 ? 0 : fruitless;
        try {
            CampaignPage page = platform.page(number);
            outage.over();
            PageResult result = storing.store(run, page);
            endOf(number, page, result).ifPresent(problem -> endPass(run, problem));
        } catch (PlatformFailure failure) {
            failed(run, number, failure);
        }
    }

    private void failed(PullRun run, int number, PlatformFailure failure) {
        if (failure.kind() == PlatformFailure.Kind.CREDENTIALS) {
            outage.begins(failure.reason());
        }
        boolean endsRun = failure.kind() == PlatformFailure.Kind.CREDENTIALS
                || (number == 1 && !failure.isPassing())
                || outage.isHopeless();
        if (endsRun) {
            ledger.runs().end(run, PullRun.State.FAILED, failure.reason());
        } else if (failure.isPassing() && isOutage(number, failure)) {
            ledger.sayAway(run, outage.problem());
        } else {
            giveUp(run, number, failure);
        }
    }

    private boolean isOutage(int number, PlatformFailure failure) {
        if (number == 1) {
            outage.begins(failure.reason());
            return true;
        }
        return outage.isToBlameFor(failure);
    }

    private void giveUp(PullRun run, int number, PlatformFailure failure) {
        storing.lose(run, new PageResult.Problem(null, number, failure.reason()));
        fruitless++;
        boolean wasLast = run.pagesInAll() > 0 && number >= run.pagesInAll();
        if (wasLast || fruitless >= MOST_FRUITLESS || number >= settings.mostPages()) {
            endPass(run, "");
        }
    }

    /** Whether the pass has ended with this page, and if so with which problem; an empty one is none. */
    private Optional<String> endOf(int number, CampaignPage page, PageResult result) {
        if (!page.hasMore()) {
            return Optional.of("");
        }
        fruitless = result.newlySeen == 0 && result.unreadable == 0 ? fruitless + 1 : 0;
        if (fruitless >= MOST_FRUITLESS) {
            return Optional.of("ENDLESS_LIST: " + MOST_FRUITLESS + " pages up to " + number
                    + " list nothing that was not listed before, and more are to follow");
        }
        if (number >= settings.mostPages()) {
            return Optional.of("ENDLESS_LIST: more than " + settings.mostPages() + " pages");
        }
        return Optional.empty();
    }

    private void endPass(PullRun before, String problem) {
        PullRuns runs = ledger.runs();
        PullRun run = runs.open().filter(open -> open.id() == before.id()).orElseThrow(PullRuns.RunLost::new);
        if (run.isDisturbed() && problem.isEmpty() && run.pass() < settings.passes()) {
            runs.beginPass(run);
            return;
        }
        transactions.runWithoutResult(() -> {
            boolean complete = run.isComplete() && problem.isEmpty();
            if (complete) {
                ledger.states().countMissed(run);
            }
            int vanished = complete ? ledger.campaigns().markVanished(settings.vanishAfter()) : 0;
            runs.beginSyncs(run, vanished, problemOf(run, problem));
        });
    }

    private static @Nullable String problemOf(PullRun run, String problem) {
        if (!problem.isEmpty()) {
            return problem;
        }
        return run.isDisturbed() ? CHANGED_MEANWHILE : null;
    }
}
