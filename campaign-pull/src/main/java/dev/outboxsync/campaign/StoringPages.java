package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.Campaign;
import dev.outboxsync.campaign.platform.CampaignPage;
import dev.outboxsync.campaign.platform.ListedItem;
import dev.outboxsync.mysql.FailureClass;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.Transactions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Stores a page: its changed rows, what is known of each campaign, and the run's cursor, in one transaction. */
@Component
class StoringPages {
    private final Transactions transactions;
    private final Campaigns campaigns;
    private final CampaignStates states;
    private final PullRuns runs;

    StoringPages(Transactions transactions, Campaigns campaigns, CampaignStates states, PullRuns runs) {
        this.transactions = transactions;
        this.campaigns = campaigns;
        this.states = states;
        this.runs = runs;
    }

    /**
     * Stores the page at the run's cursor and moves that on.
     *
     * @throws PullRuns.RunLost if another process has gone on with the run: nothing is stored then
     */
    PageResult store(PullRun run, CampaignPage page) {
        return transactions.run(() -> {
            var result = new PageResult();
            List<String> ids = page.items().stream()
                    .map(ListedItem::id)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            var known = new Known(campaigns.find(ids), states.seen(run, ids));
            page.items().forEach(item -> store(run, item, known, result));
            runs.advance(run, page, result);
            return result;
        });
    }

    /** Moves the cursor past a page that cannot be had, likewise. */
    void lose(PullRun run, PageResult.Problem problem) {
        transactions.runWithoutResult(() -> {
            runs.advancePastLost(run);
            runs.add(run, problem);
        });
    }

    /** What was there before the item; kept up to date. */
    private record Known(Map<String, Campaigns.Stored> stored, Set<String> seen) {}

    private void store(PullRun run, ListedItem item, Known known, PageResult result) {
        String id = item.id();
        Campaign campaign = item.campaign();
        if (campaign == null) {
            result.problems.add(new PageResult.Problem(id, run.nextPage(), String.valueOf(item.problem())));
        }
        if (id == null) {
            result.unreadable++;
            return;
        }
        boolean changed = campaign != null && write(run, campaign, known, result);
        if (known.seen().add(id)) {
            result.newlySeen++;
        } else {
            result.duplicates++;
        }
        states.see(run, id, changed);
    }

    /** A statement that MySQL refuses is undone by itself; what stands before it in the transaction stays. */
    private boolean write(PullRun run, Campaign campaign, Known known, PageResult result) {
        Campaigns.Stored before = known.stored().get(campaign.id());
        if (before != null && before.campaign().equals(campaign) && !before.vanished()) {
            result.unchanged += known.seen().contains(campaign.id()) ? 0 : 1;
            return false;
        }
        try {
            if (before == null) {
                campaigns.insert(campaign);
                result.created++;
            } else {
                campaigns.update(campaign);
                result.changed++;
            }
            known.stored().put(campaign.id(), new Campaigns.Stored(campaign, false));
            return true;
        } catch (DataAccessException failure) {
            MySqlFailure refusal = MySqlFailure.of(failure);
            if (refusal.failureClass() != FailureClass.REFUSAL) {
                throw failure;
            }
            String column = refusal.detail() == null ? "" : ": " + refusal.detail();
            result.problems.add(
                    new PageResult.Problem(campaign.id(), run.nextPage(), "NOT_STORED: " + refusal.reason() + column));
            return false;
        }
    }
}
