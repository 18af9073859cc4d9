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
    private static final String CHANGED_MEANWHILE =
            "LIST_CHANGED: the list changed while it was read; what was missed comes with the next run";

    private final PlatformClient platform;
    private final Outage outage;
    private final StoringPages storing;
    private final Transactions transactions;
    private final Ledger ledger;
    private final PullSettings settings;

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
        boolean firstOfAll = run.pagesInAll() == 0;
        boolean endsRun = failure.kind() == PlatformFailure.Kind.CREDENTIALS
                || (firstOfAll && !failure.isPassing())
                || outage.isHopeless();
        if (endsRun) {
            ledger.runs().end(run, PullRun.State.FAILED, failure.reason());
        } else if (failure.isPassing() && (number == 1 || outage.isOn(failure))) {
            outage.begins(failure.reason());
            ledger.runs().say(run, "PLATFORM_AWAY: " + failure.reason() + "; tried again by itself");
        } else {
            giveUp(run, number, failure);
        }
    }

    private void giveUp(PullRun run, int number, PlatformFailure failure) {
        storing.lose(run, new PageResult.Problem(null, number, failure.reason()));
        if (number >= run.pagesInAll()) {
            endPass(run, "");
        }
    }

    /** Whether the pass has ended with this page, and if so with which problem; an empty one is none. */
    private Optional<String> endOf(int number, CampaignPage page, PageResult result) {
        if (!page.hasMore()) {
            return Optional.of("");
        }
        if (page.items().isEmpty()) {
            return Optional.of("ENDLESS_LIST: page " + number + " is empty and says that more follow");
        }
        if (result.newlySeen == 0 && result.unreadable == 0) {
            return Optional.of("ENDLESS_LIST: page " + number + " lists nothing that was not listed before");
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
