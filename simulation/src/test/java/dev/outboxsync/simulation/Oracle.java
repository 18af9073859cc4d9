package dev.outboxsync.simulation;

import dev.outboxsync.central.SimulatedCentralDatabase;
import dev.outboxsync.central.SimulatedCentralDatabase.State;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.ChangeEventJson;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Version;
import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.Settled;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.queue.SyncQueue;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import dev.outboxsync.relay.OutgoingChange;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches every step for what must never be. */
final class Oracle {
    private final SimulatedCentralDatabase central;
    private final List<ShopDatabase> shops;
    private final Map<String, LeaseHold> holds = new HashMap<>();
    private final Map<ShopDatabase, Sent> sent = new HashMap<>();
    /** Sites that have not noticed yet that DB_B was restored. */
    final Set<ShopDatabase> unaware = new HashSet<>();

    private final Map<ShopDatabase, Integer> epochs = new HashMap<>();
    private final Map<ShopDatabase, Integer> reasons = new HashMap<>();

    Oracle(SimulatedCentralDatabase central, List<ShopDatabase> shops) {
        this.central = central;
        this.shops = shops;
        shops.forEach(shop -> epochs.put(shop, 1));
    }

    /** What a site has sent of its present database. */
    private static final class Sent {
        private final Set<Long> sequences = new HashSet<>();
        private final Map<String, Long> newest = new HashMap<>();
    }

    /** A database of the site went back: it may begin an epoch, or two where each is noticed by itself. */
    void wentBack(ShopDatabase shop, boolean local) {
        reasons.merge(shop, 1, Integer::sum);
        if (local) {
            // a backup may be of an older epoch
            epochs.put(shop, shop.queue.epoch);
        } else {
            unaware.add(shop);
        }
    }

    /** No epoch begins unless a database went back. */
    void epochsHaveReasons() {
        for (ShopDatabase shop : shops) {
            int begun = shop.queue.epoch > epochs.get(shop) ? 1 : 0;
            if (begun > 0) {
                epochs.put(shop, shop.queue.epoch);
                unaware.remove(shop);
                if (reasons.merge(shop, -1, Integer::sum) < 0) {
                    throw new Violation(
                            "%s begins epoch %d, and no database went back".formatted(shop.site, shop.queue.epoch));
                }
            }
        }
    }

    LeaderLease watch(String holder, LeaderLease lease) {
        return new LeaderLease() {
            @Override
            public LeaseHold acquire() {
                LeaseHold hold = lease.acquire();
                holds.put(holder, hold);
                return hold;
            }

            @Override
            public boolean stands() {
                return lease.stands();
            }

            @Override
            public void release() {
                lease.release();
            }
        };
    }

    /** Who publishes has been told that it leads. */
    void publishing(String holder) {
        if (holds.getOrDefault(holder, LeaseHold.NONE) == LeaseHold.NONE) {
            throw new Violation("%s publishes and does not lead".formatted(holder));
        }
    }

    /** The first time that changes of one record are sent, they are sent in their order. */
    void published(ShopDatabase shop, OutgoingChange outgoing) {
        ChangeEvent event = event(outgoing.value());
        long sequence = event.version().sequence();
        if (shop.restores > 0) {
            return; // a page that was read before may go out in the middle of the new order
        }
        Sent known = sent.computeIfAbsent(shop, any -> new Sent());
        if (known.sequences.add(sequence)) {
            long newest = known.newest.merge(event.key(), sequence, Math::max);
            if (newest > sequence) {
                throw new Violation("%s sends %d of %s after %d".formatted(shop.site, sequence, event.key(), newest));
            }
        }
    }

    /** What lies before a committed offset was taken by DB_B. */
    void offsetCommitted(SiteTopics site, long offset) {
        for (long before = site.changes.first(); before < Math.min(offset, site.changes.end()); before++) {
            if (!site.taken.contains(before) && !site.skipped.contains(before)) {
                throw new Violation("%s: offset %d is committed, and DB_B has not taken %d"
                        .formatted(site.shop.site, offset, before));
            }
        }
    }

    private static ChangeEvent event(byte[] value) {
        try {
            return ChangeEventJson.read(value);
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DB_B never goes back by itself, and holds only what was once committed at its site. */
    void committed(SimulatedCentralDatabase database, State before) {
        Map<String, Version> versions = database.now().versions();
        before.versions().forEach((record, version) -> {
            if (!versions.containsKey(record) || !version.isCoveredBy(versions.get(record))) {
                throw new Violation("%s goes from %s back to %s".formatted(record, version, versions.get(record)));
            }
        });
        Map<String, Map<String, String>> content = database.now().content();
        before.content().forEach((record, row) -> {
            boolean same = row.equals(content.get(record));
            if (!same && versions.get(record).equals(before.versions().get(record))) {
                throw new Violation("%s changes at the centre, and its version does not".formatted(record));
            }
        });
        content.forEach((record, row) -> {
            boolean known = shops.stream()
                    .anyMatch(
                            shop -> shop.history.getOrDefault(record, Set.of()).contains(row));
            if (!known) {
                throw new Violation("%s at the centre was never committed: %s".formatted(record, row));
            }
        });
    }

    WatchedQueue watch(ShopDatabase shop, SyncQueue queue) {
        return new WatchedQueue(shop, queue);
    }

    /** A row that became SYNCED is in DB_B: itself, or what came after it. */
    private void isInDbB(ShopDatabase shop, InMemorySite.Row row) {
        QueuedChange change = row.change;
        if (change.operation() == Operation.SWEEP || unaware.contains(shop)) {
            return;
        }
        String record = change.table() + "/" + change.recordId();
        var settled = new Version(row.epoch, change.id());
        Version applied = central.now().versions().get(record);
        if (applied == null || !settled.isCoveredBy(applied)) {
            throw new Violation("%s: %d is SYNCED as %s, and DB_B has %s of %s"
                    .formatted(shop.site, change.id(), settled, applied, record));
        }
        Map<String, String> there = central.now().content().get(record);
        boolean gone = change.operation() == Operation.DELETE;
        if (applied.equals(settled) && (gone ? there != null : !image(change).equals(there))) {
            throw new Violation(
                    "%s: %d is SYNCED, and DB_B has another row of %s".formatted(shop.site, change.id(), record));
        }
    }

    private static Map<String, String> image(QueuedChange change) {
        try {
            return RowImage.ofJson(change.payload()).columns();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The queue as one relay uses it since its start. */
    final class WatchedQueue implements SyncQueue {
        private final Set<Long> tried = new HashSet<>();
        private final ShopDatabase shop;
        private final SyncQueue queue;

        WatchedQueue(ShopDatabase shop, SyncQueue queue) {
            this.shop = shop;
            this.queue = queue;
        }

        /** A page is about to be sent, whatever becomes of it. */
        void trying(List<OutgoingChange> page) {
            page.forEach(change -> tried.add(change.sequence()));
        }

        @Override
        public Settled settle(Settlement settlement) {
            if (!tried.containsAll(settlement.applied())) {
                throw new Violation(
                        "%s settles of %s what it has never sent".formatted(shop.site, settlement.applied()));
            }
            List<InMemorySite.Row> pending = settlement.applied().stream()
                    .map(shop.queue::row)
                    .filter(row -> row != null && row.status == SyncStatus.PENDING)
                    .toList();
            try {
                return queue.settle(settlement);
            } finally {
                pending.stream()
                        .filter(row -> row.status == SyncStatus.SYNCED && shop.queue.row(row.change.id()) == row)
                        .forEach(row -> isInDbB(shop, row));
            }
        }

        @Override
        public long newestPending() {
            return queue.newestPending();
        }

        @Override
        public List<Long> pending(long newest, List<SequenceRange> passedOver, int limit) {
            return queue.pending(newest, passedOver, limit);
        }

        @Override
        public List<QueuedChange> read(List<Long> ids, PageLimit limit) {
            return queue.read(ids, limit);
        }

        @Override
        public boolean holds(LastReceived change) {
            return queue.holds(change);
        }

        @Override
        public void giveUpOvertaken() {
            queue.giveUpOvertaken();
        }

        @Override
        public void attemptFailed(Collection<Long> ids, String error) {
            queue.attemptFailed(ids, error);
        }

        @Override
        public void refuse(int epoch, Refusal refusal) {
            queue.refuse(epoch, refusal);
        }
    }
}
