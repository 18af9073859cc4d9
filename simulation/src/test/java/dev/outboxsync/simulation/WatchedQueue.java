package dev.outboxsync.simulation;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.Settled;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.queue.SyncQueue;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The queue as a watched relay uses it: what it finds, reads, settles and counts there is compared with what it has to. */
final class WatchedQueue implements SyncQueue {
    private final SyncQueue queue;
    private final RelayWatch watch;
    private final Oracle oracle;
    private final ShopDatabase shop;

    WatchedQueue(SyncQueue queue, RelayWatch watch, Oracle oracle, ShopDatabase shop) {
        this.queue = queue;
        this.watch = watch;
        this.oracle = oracle;
        this.shop = shop;
    }

    @Override
    public Settled settle(Settlement settlement) {
        int epoch = settlement.acknowledgement().epoch();
        AcknowledgementId id = settlement.acknowledgement().id();
        watch.demandThatItMayWork("settles");
        watch.page.demandThatItWasTried(settlement);
        watch.belief.settling(id);
        watch.flight.demandAllOf(settlement);
        List<InMemorySite.Row> pending = settlement.applied().stream()
                .map(shop.queue::row)
                .filter(row -> row != null && row.status == SyncStatus.PENDING)
                .toList();
        int restores = shop.restores;
        Set<AcknowledgementId> before = Set.copyOf(oracle.settled(shop, epoch));
        try {
            Settled settled = refusing(settlement.refused(), () -> queue.settle(settlement));
            watch.pace.settled();
            watch.belief.settled();
            watch.flight.settled(settlement);
            if (restores == shop.restores) {
                oracle.settled(shop, epoch, id, before);
            }
            return settled;
        } finally {
            pending.stream()
                    .filter(row -> row.status == SyncStatus.SYNCED && shop.queue.row(row.change.id()) == row)
                    .forEach(row -> oracle.synced(shop, row));
        }
    }

    @Override
    public long newestPending() {
        watch.lookedAtAll();
        watch.demandNoObstacle();
        watch.flight.beginCycle();
        watch.pace.begins();
        return queue.newestPending();
    }

    @Override
    public List<Long> pending(long newest, List<SequenceRange> passedOver, int limit) {
        watch.lookedAtAll();
        watch.pace.looksForAPage();
        List<Long> before = shop.queue.ids(SyncStatus.PENDING).stream()
                .filter(sequence -> sequence <= newest)
                .toList();
        List<Long> found = queue.pending(newest, passedOver, limit);
        watch.flight.looking(before);
        return found;
    }

    @Override
    public List<QueuedChange> read(List<Long> ids, PageLimit limit) {
        watch.flight.reading(ids);
        watch.page.reading();
        watch.readsAPage();
        List<QueuedChange> read = queue.read(ids, limit);
        watch.page.read(read);
        return read;
    }

    @Override
    public boolean holds(LastReceived change) {
        boolean holds = queue.holds(change);
        watch.belief.looksForLast();
        return holds;
    }

    @Override
    public boolean beginEpoch(int expected, int next, AcknowledgementId seen, ResyncDue due) {
        watch.belief.startOver();
        watch.belief.demandRightEpoch(next, seen, due);
        watch.flight.forget();
        boolean isKnown = oracle.knowsEpoch(shop, next);
        int restores = shop.restores;
        boolean begun = queue.beginEpoch(expected, next, seen, due);
        if (begun && isKnown) {
            throw new Violation("%s begins epoch %d once more".formatted(watch, next));
        }
        if (begun && restores == shop.restores) {
            watch.flight.knowDatabase();
        }
        return begun;
    }

    @Override
    public void attemptFailed(Collection<Long> ids, String error) {
        watch.lookedAtAll();
        if (error.startsWith("NOT_CONFIRMED")) {
            watch.page.counted(ids);
            queue.attemptFailed(ids, error);
        } else {
            watch.demandThatTheyAreOverdue(ids);
            queue.attemptFailed(ids, error);
            watch.flight.startAgain();
            watch.pace.failed();
        }
    }

    @Override
    public void refuse(int epoch, Refusal refusal) {
        watch.page.refused(epoch, refusal);
        watch.pace.hasMoved();
        var unused = refusing(List.of(refusal), () -> {
            queue.refuse(epoch, refusal);
            return true;
        });
    }

    /** What is refused for good is FAILED at once, and nothing else is. */
    private <T> T refusing(List<Refusal> refusals, Supplier<T> work) {
        boolean isSweepPlanned = shop.queue.sweepMayCure();
        List<Long> pending = shop.queue.ids(SyncStatus.PENDING);
        Map<Refusal, InMemorySite.Row> rows = new HashMap<>();
        refusals.stream()
                .filter(refusal -> pending.contains(refusal.sequence()))
                .forEach(refusal -> rows.put(refusal, shop.queue.row(refusal.sequence())));
        T result = work.get();
        // meanwhile the database may have been restored, or another relay may have begun an epoch
        rows.entrySet()
                .removeIf(entry -> shop.queue.row(entry.getKey().sequence()) != entry.getValue()
                        || InMemorySite.OVERTAKEN.equals(entry.getValue().lastError));
        rows.forEach((refusal, row) -> {
            List<Long> earlier = shop.queue.ids(SyncStatus.PENDING).stream()
                    .filter(id -> id < refusal.sequence())
                    .toList();
            boolean wasSweepPlanned = isSweepPlanned && shop.queue.sweepMayCure();
            oracle.refused(row, refusal.reason(), pending.stream().noneMatch(earlier::contains) && !wasSweepPlanned);
            if (row.status == SyncStatus.PENDING
                    && earlier.isEmpty()
                    && !isSweepPlanned
                    && !shop.queue.sweepMayCure()) {
                oracle.refusedFirst(row, refusal.reason());
            }
        });
        return result;
    }
}
