package dev.outboxsync.simulation;

import dev.outboxsync.central.SimulatedCentralDatabase;
import dev.outboxsync.central.SimulatedCentralDatabase.State;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.Version;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches every step for what must never be. */
final class Oracle {
    final Records records = new Records();
    private final SimulatedCentralDatabase central;
    private final List<ShopDatabase> shops;
    private final Map<ShopDatabase, Map<Integer, Sent>> sent = new HashMap<>();
    /** Sites that have not noticed yet that DB_B was restored. */
    final Set<ShopDatabase> unaware = new HashSet<>();

    /** Sites that have not noticed yet that DB_A was restored. */
    private final Set<ShopDatabase> wentBack = new HashSet<>();

    /** The versions that records get which sweeps delete; of one site or the other. */
    private final Set<Version> buried = new HashSet<>();

    private final Map<ShopDatabase, Set<AcknowledgementId>> given = new HashMap<>();
    /** Acknowledgements of a DB_B that is no more, and the last number that its successor still had. */
    private final Map<AcknowledgementId, Long> lost = new HashMap<>();

    /** What a site has settled, by epoch. */
    private final Map<ShopDatabase, Map<Integer, Set<AcknowledgementId>>> settled = new HashMap<>();

    private final Map<ShopDatabase, Integer> epochs = new HashMap<>();
    private final Map<ShopDatabase, Integer> reasons = new HashMap<>();

    Oracle(SimulatedCentralDatabase central, List<ShopDatabase> shops) {
        this.central = central;
        this.shops = shops;
        shops.forEach(shop -> epochs.put(shop, 1));
    }

    /** What a site has sent in an epoch; the newest of each record, of the database that it has now. */
    private static final class Sent {
        private final Set<Long> sequences = new HashSet<>();
        private final Map<String, Long> newest = new HashMap<>();
    }

    /** A database of the site went back: it may begin an epoch, or two where each is noticed by itself. */
    void wentBack(ShopDatabase shop, boolean local) {
        reasons.merge(shop, 1, Integer::sum);
        if (local) {
            wentBack.add(shop);
            sent.getOrDefault(shop, Map.of()).values().forEach(known -> known.newest.clear());
            epochs.put(shop, shop.queue.epoch);
            settled.remove(shop);
        } else {
            unaware.add(shop);
            shop.centreWentBack = true;
            AcknowledgementId kept = central.now().given(shop.site);
            given.getOrDefault(shop, Set.of()).stream()
                    .filter(id -> id.number() > kept.number())
                    .forEach(id -> lost.merge(id, kept.number(), Math::min));
        }
    }

    /** No epoch begins unless a database went back. */
    void epochsHaveReasons() {
        for (ShopDatabase shop : shops) {
            int begun = shop.queue.epoch > epochs.get(shop) ? 1 : 0;
            if (begun > 0) {
                epochs.put(shop, shop.queue.epoch);
                unaware.remove(shop);
                wentBack.remove(shop);
                if (reasons.merge(shop, -1, Integer::sum) < 0) {
                    throw new Violation(
                            "%s begins epoch %d, and no database went back".formatted(shop.site, shop.queue.epoch));
                }
            }
        }
    }

    /** Whoever sends a sweep, it may be applied. */
    void sent(ChangeEvent event) {
        if (event.operation() == Operation.SWEEP) {
            var since = event.row().columns();
            buried.add(new Version(Integer.parseInt(since.get("epoch")), Long.parseLong(since.get("since")) - 1));
        }
    }

    /** The first time that changes of one record are sent in an epoch, the leader sends them in their order, unless a
     * person has some sent again. */
    void published(ShopDatabase shop, ChangeEvent event) {
        long sequence = event.version().sequence();
        Sent known = sent.computeIfAbsent(shop, any -> new HashMap<>())
                .computeIfAbsent(event.version().epoch(), any -> new Sent());
        if (known.sequences.add(sequence) && !shop.personDecided) {
            long newest = known.newest.merge(event.key(), sequence, Math::max);
            if (newest > sequence) {
                throw new Violation("%s sends %d of %s after %d".formatted(shop.site, sequence, event.key(), newest));
            }
        }
    }

    /** What lies before a committed offset is in DB_B, and the log has confirmed its acknowledgement. */
    void offsetCommitted(SiteTopics site, long offset) {
        for (long before = site.changes.first(); before < Math.min(offset, site.changes.end()); before++) {
            if (!site.acknowledged.contains(before) && !site.skipped.contains(before)) {
                throw new Violation("%s: offset %d is committed, and %d is not acknowledged"
                        .formatted(site.shop.site, offset, before));
            }
        }
    }

    /** DB_B never goes back by itself, and holds only what was once committed at its site. */
    void committed(SimulatedCentralDatabase database, State before) {
        State now = database.now();
        for (ShopDatabase shop : shops) {
            if (now.told(shop.site) < before.told(shop.site)) {
                throw new Violation("DB_B forgets which acknowledgement %s has seen".formatted(shop.site));
            }
            AcknowledgementId id = now.given(shop.site);
            if (!id.equals(before.given(shop.site))
                    && !given.computeIfAbsent(shop, any -> new HashSet<>()).add(id)) {
                throw new Violation("%s is given to %s once more".formatted(id, shop.site));
            }
        }
        for (String record : now.changedSince(before)) {
            Version earlier = before.version(record);
            Version version = now.version(record);
            Map<String, String> row = now.row(record);
            if (version == null || (earlier != null && !earlier.isCoveredBy(version))) {
                throw new Violation("%s goes from %s back to %s".formatted(record, earlier, version));
            }
            ShopDatabase shop = shopOf(record);
            if (row == null && !now.isBuried(record)) {
                throw new Violation("%s is gone, and its version %s says that it is there".formatted(record, version));
            }
            if (row == null) {
                demandThatItWasDeleted(shop, record, version);
                demandThatNothingIsLostForGood(shop, record, earlier, version);
                demandThatItMayGo(shop, record, earlier, version);
                continue;
            }
            if (version.equals(earlier)) {
                throw new Violation("%s changes at the centre, and its version does not".formatted(record));
            }
            if (version.epoch() < now.epoch(shop.site)) {
                throw new Violation("%s becomes %s of an epoch that is over".formatted(record, version));
            }
            if (!shop.committed(record, row)) {
                throw new Violation("%s at the centre was never committed: %s".formatted(record, row));
            }
        }
    }

    /** By a DELETE, or a sweep, and by nothing with the version of another change: that one would be taken for applied. */
    private void demandThatItWasDeleted(ShopDatabase shop, String record, Version version) {
        boolean deleted = buried.contains(version)
                || shop.restores > 0
                || shop.changesOf(record).stream()
                        .anyMatch(row ->
                                row.change.id() == version.sequence() && row.change.operation() == Operation.DELETE);
        if (!deleted) {
            throw new Violation("%s is gone, and %s has not deleted it".formatted(record, version));
        }
    }

    /** A sweep spares what DB_A has lost, and may be left here alone, unless a person has decided. */
    private void demandThatNothingIsLostForGood(ShopDatabase shop, String record, @Nullable Version was, Version now) {
        if (was != null && buried.contains(now) && shop.lost.contains(record) && !shop.personDecided) {
            if (!shop.deletedAfter(record, was.sequence())) {
                throw new Violation("%s is swept, which DB_A has lost, and no person has said so".formatted(record));
            }
        }
    }

    /**
     * A sweep spares what the site holds, or it comes again; of a DB_A that went back it may be another one's. What the site
     * holds may have been made anew, and refused: the old one goes.
     */
    private void demandThatItMayGo(ShopDatabase shop, String record, @Nullable Version was, Version version) {
        if (buried.contains(version)
                && !(was != null && shop.deletedAfter(record, was.sequence()))
                && !wentBack.contains(shop)
                && shop.content().containsKey(record)
                && shop.changesOf(record).stream().noneMatch(row -> row.status == SyncStatus.PENDING)) {
            throw new Violation("%s is swept, and its site holds it".formatted(record));
        }
    }

    /** In the present epoch a version is one change: no restore of DB_A went unnoticed. */
    void demandThatVersionsAreKnown(ShopDatabase shop) {
        State there = central.now();
        for (String record : there.content().keySet()) {
            Version version = there.version(record);
            if (shop.owns(record) && version.epoch() == shop.queue.epoch) {
                InMemorySite.Row row = shop.queue.row(version.sequence());
                if (row == null || !record.equals(row.change.table() + "/" + row.change.recordId())) {
                    throw new Violation("%s: the centre has %s of %s, which %s does not know"
                            .formatted(shop.site, version, record, row == null ? "DB_A" : row.change));
                }
            }
        }
    }

    /** A row that became SYNCED is in DB_B: itself, or what came after it. */
    void synced(ShopDatabase shop, InMemorySite.Row row) {
        QueuedChange change = row.change;
        if (change.operation() == Operation.SWEEP || unaware.contains(shop)) {
            return;
        }
        String record = change.table() + "/" + change.recordId();
        var settled = new Version(row.epoch, change.id());
        Version applied = central.now().version(record);
        if (applied == null || !settled.isCoveredBy(applied)) {
            throw new Violation("%s: %d is SYNCED as %s, and DB_B has %s of %s"
                    .formatted(shop.site, change.id(), settled, applied, record));
        }
        Map<String, String> there = central.now().row(record);
        boolean gone = change.operation() == Operation.DELETE;
        if (central.now().isBuried(record) && shop.comesAgain(row)) {
            return;
        }
        if (applied.equals(settled) && (gone ? there != null : !image(change).equals(there))) {
            throw new Violation("%s: %d is SYNCED, and DB_B has another row of %s: %s instead of %s"
                    .formatted(shop.site, change.id(), record, there, image(change)));
        }
    }

    /** What a site has settled in this epoch. */
    Set<AcknowledgementId> settled(ShopDatabase shop, int epoch) {
        return settled.computeIfAbsent(shop, any -> new HashMap<>()).computeIfAbsent(epoch, any -> new HashSet<>());
    }

    /** What an acknowledgement tells was settled: what was settled before it in this epoch is in DB_B still. */
    void settled(ShopDatabase shop, int epoch, AcknowledgementId id, Set<AcknowledgementId> before) {
        if (!lost.containsKey(id)
                && before.stream().anyMatch(one -> lost.getOrDefault(one, Long.MAX_VALUE) < id.number())) {
            throw new Violation("%s settles %s, though DB_B has lost what was settled before in this epoch"
                    .formatted(shop.site, id));
        }
        settled(shop, epoch).add(id);
    }

    /** Whether a change of this epoch was sent by the database that the site has now. */
    boolean knowsEpoch(ShopDatabase shop, int epoch) {
        return shop.restores == 0 && sent.getOrDefault(shop, Map.of()).containsKey(epoch);
    }

    /** A change is FAILED at once where sending it again cannot help, and nowhere else. */
    void refused(InMemorySite.Row row, Reason reason, boolean mayBeAlone) {
        boolean neverTaken = switch (reason) {
            case TOO_LONG, OUT_OF_RANGE -> Writers.isMoreThanTheCentreTakes(image(row.change));
            case TOO_LARGE ->
                row.change.payload().length() > RelayProcess.LONGEST && row.change.operation() != Operation.DELETE;
            case OTHER_SITE -> isOfAnotherSite(row);
            default -> false;
        };
        boolean failed = row.status == SyncStatus.FAILED;
        if (failed && !neverTaken && !(collides(reason) && mayBeAlone)) {
            throw new Violation("%d is FAILED: %s, though it may be taken yet".formatted(row.change.id(), reason));
        }
        if (row.status == SyncStatus.PENDING && neverTaken) {
            throw new Violation("%d is PENDING: %s, though it can never be taken".formatted(row.change.id(), reason));
        }
    }

    /** Nothing comes before it that might make room for it, and no sweep. */
    void refusedFirst(InMemorySite.Row row, Reason reason) {
        if (collides(reason)) {
            throw new Violation("%d is PENDING: %s, and nobody is told".formatted(row.change.id(), reason));
        }
    }

    /** Whether the record is none of the site whose queue holds this row. */
    private boolean isOfAnotherSite(InMemorySite.Row row) {
        String record = row.change.table() + "/" + row.change.recordId();
        return !shopOf(record).queue.rows().containsValue(row);
    }

    private static boolean collides(Reason reason) {
        return reason == Reason.DUPLICATE_KEY || reason == Reason.HAS_CHILDREN;
    }

    private ShopDatabase shopOf(String record) {
        return shops.stream().filter(shop -> shop.owns(record)).findAny().orElseThrow();
    }

    private static Map<String, String> image(QueuedChange change) {
        try {
            return RowImage.ofJson(change.payload()).columns();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
