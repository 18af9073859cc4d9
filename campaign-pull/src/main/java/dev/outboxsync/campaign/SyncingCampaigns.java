package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.PlatformClient;
import dev.outboxsync.campaign.platform.PlatformFailure;
import dev.outboxsync.campaign.platform.SyncAnswer;
import dev.outboxsync.mysql.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Has the platform sync the campaigns that are due, some at once, each once a run. A call may have had its effect though its
 * answer never came: it is made again, which does no harm.
 */
@Component
class SyncingCampaigns implements DisposableBean {
    private final PlatformClient platform;
    private final Outage outage;
    private final Transactions transactions;
    private final Ledger ledger;
    private final int workers;
    private final int mostRuns;
    private final ExecutorService pool;

    SyncingCampaigns(
            PlatformClient platform, Outage outage, Transactions transactions, Ledger ledger, PullSettings settings) {
        this.platform = platform;
        this.outage = outage;
        this.transactions = transactions;
        this.ledger = ledger;
        this.workers = settings.workers();
        this.mostRuns = settings.syncRuns();
        this.pool = Executors.newFixedThreadPool(workers);
    }

    /** Takes the next few campaigns, or ends the run when none is left. */
    void step(PullRun run) {
        List<String> due = ledger.states().due(run, workers);
        if (due.isEmpty()) {
            ledger.runs().end(run, PullRun.State.DONE, null);
            return;
        }
        List<Lost> lost = syncAll(run, due);
        if (lost.isEmpty()) {
            outage.over();
        } else {
            judge(run, lost);
        }
    }

    /** Of calls that were given up, whether the campaigns are to blame or the platform. */
    private void judge(PullRun run, List<Lost> lost) {
        Optional<Lost> denied = lost.stream()
                .filter(one -> one.failure().kind() == PlatformFailure.Kind.CREDENTIALS)
                .findFirst();
        PlatformFailure failure = denied.orElseGet(() -> lost.get(0)).failure();
        if (denied.isPresent() || outage.isHopeless()) {
            outage.begins(failure.reason());
            ledger.runs().end(run, PullRun.State.FAILED, failure.reason());
        } else if (outage.isToBlameFor(failure)) {
            ledger.sayAway(run, outage.problem());
        } else {
            lost.forEach(one -> failed(run, one));
        }
    }

    /** A call that came to nothing though it might have. */
    private record Lost(String id, PlatformFailure failure) {}

    private List<Lost> syncAll(PullRun run, List<String> due) {
        List<Callable<Optional<Lost>>> calls = due.stream()
                .<Callable<Optional<Lost>>>map(id -> () -> sync(run, id))
                .toList();
        List<Lost> lost = new ArrayList<>();
        try {
            for (Future<Optional<Lost>> call : pool.invokeAll(calls)) {
                call.get().ifPresent(lost::add);
            }
            return lost;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformClient.CallInterrupted();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        }
    }

    private Optional<Lost> sync(PullRun run, String id) {
        try {
            SyncAnswer answer = platform.sync(id);
            transactions.runWithoutResult(() -> {
                ledger.campaigns().confirmSync(id, answer.syncedAt());
                ledger.states().settle(run, id, CampaignStates.SyncState.NONE);
                ledger.runs().countSynced(run);
            });
            return Optional.empty();
        } catch (PlatformFailure failure) {
            if (failure.kind() != PlatformFailure.Kind.REFUSED) {
                return Optional.of(new Lost(id, failure));
            }
            transactions.runWithoutResult(() -> {
                ledger.states().settle(run, id, CampaignStates.SyncState.REFUSED);
                ledger.runs().add(run, notSynced(id, failure.reason()));
            });
            return Optional.empty();
        }
    }

    private void failed(PullRun run, Lost lost) {
        transactions.runWithoutResult(() -> {
            boolean last = ledger.states().fail(run, lost.id(), mostRuns);
            String reason = lost.failure().reason();
            ledger.runs().add(run, notSynced(lost.id(), last ? reason + "; not tried again by itself" : reason));
        });
    }

    private static PageResult.Problem notSynced(String id, String reason) {
        return new PageResult.Problem(id, null, "NOT_SYNCED: " + reason);
    }

    @Override
    public void destroy() {
        pool.shutdownNow();
    }
}
