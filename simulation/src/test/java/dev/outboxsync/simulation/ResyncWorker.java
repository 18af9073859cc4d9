package dev.outboxsync.simulation;

import dev.outboxsync.event.Operation;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import dev.outboxsync.simulation.ShopDatabase.ResyncPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What local-api does with a resync that is due: row by row, each under its lock; then, perhaps, the sweep. */
final class ResyncWorker extends Actor {
    private static final int PIECE = 4;

    private final World world;
    private final ShopDatabase shop;

    ResyncWorker(World world, ShopDatabase shop) {
        super("resyncs of " + shop.site);
        this.world = world;
        this.shop = shop;
    }

    @Override
    void step() {
        if (shop.queue.due != null) {
            shop.planResync(shop.queue.due);
            shop.queue.due = null;
        }
        for (int i = 0; i < PIECE && shop.resync != null && goOn(shop.resync); i++) {
            // the next row
        }
    }

    private boolean goOn(ResyncPlan plan) {
        if (plan.last() >= 0) {
            return sweep(plan);
        }
        Optional<Long> next = next(plan);
        if (next.isEmpty() && plan.table().equals("users")) {
            shop.resync = plan.at("orders", 0);
            return true;
        }
        if (next.isEmpty()) {
            shop.resync = plan.sweep() ? plan.queued(shop.queue.newestId()) : null;
            return plan.sweep();
        }
        return queue(plan, next.get());
    }

    /** The next key, of a row that nobody else sees yet as well: the statement would wait for it. */
    private Optional<Long> next(ResyncPlan plan) {
        Map<Long, ?> rows = plan.table().equals("users") ? shop.users : shop.orders;
        return Stream.concat(rows.keySet().stream(), shop.locks.keys(plan.table()))
                .filter(id -> id > plan.cursor())
                .min(Long::compare);
    }

    private boolean queue(ResyncPlan plan, long id) {
        String record = plan.table() + "/" + id;
        if (!shop.locks.isFree(record)) {
            return false;
        }
        Map<String, String> row = shop.content().get(record);
        if (row != null) {
            shop.commit(shop.captured(plan.table(), id, Operation.UPDATE, row));
            world.tell(() -> "%s queues %s anew as %d".formatted(shop.site, record, shop.queue.newestId()));
        }
        shop.resync = plan.at(plan.table(), id);
        return true;
    }

    /** Nothing refers to it, and it comes again. */
    private static boolean mayGo(InMemorySite.Row row) {
        return row.change.table().equals("orders") && row.lastError.startsWith("MISSING_PARENT");
    }

    /** Children before parents, once all that was queued anew has been settled. */
    private boolean sweep(ResyncPlan plan) {
        var queued =
                shop.queue.rows().subMap(plan.since(), false, plan.last(), true).values();
        if (queued.stream().anyMatch(row -> row.status == SyncStatus.PENDING && row.refusedSince == null)) {
            return false;
        }
        if (plan.epoch() != shop.queue.epoch) {
            return done();
        }
        if (!shop.centreWentBack && !shop.personDecided) {
            throw new Violation(shop.site + ": rows are swept, no person has said so, and DB_B never went back");
        }
        for (String table : List.of("orders", "users")) {
            List<String> refused = queued.stream()
                    .filter(row -> row.status != SyncStatus.SYNCED
                            && row.change.table().equals(table))
                    .filter(row -> row.status == SyncStatus.FAILED || !mayGo(row))
                    .map(row -> '"' + row.change.recordId() + '"')
                    .distinct()
                    .toList();
            shop.commit(shop.change(
                    table,
                    "*",
                    Operation.SWEEP,
                    ShopDatabase.ordered(
                            "since",
                            String.valueOf(plan.since() + 1),
                            "epoch",
                            String.valueOf(plan.epoch()),
                            "from",
                            null,
                            "to",
                            null,
                            "except",
                            refused.isEmpty() ? null : refused.toString(),
                            "seen",
                            String.valueOf(shop.queue.seen.number()),
                            "mark",
                            shop.queue.seen.mark())));
            world.tell(() -> "%s has %s swept but for %s".formatted(shop.site, table, refused));
        }
        return done();
    }

    private boolean done() {
        shop.resync = null;
        shop.queue.sweepPlanned = false;
        return true;
    }
}
