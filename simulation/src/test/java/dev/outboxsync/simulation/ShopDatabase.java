package dev.outboxsync.simulation;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Site;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One site's DB_A: two tables, the queue that their triggers write, and the locks of its writers. */
final class ShopDatabase {
    static final Duration PATIENCE = Duration.ofHours(24);

    final Site site;
    final InMemorySite queue;
    final World.MachineClock clock;
    final NavigableMap<Long, User> users = new TreeMap<>();
    final NavigableMap<Long, Order> orders = new TreeMap<>();
    final Locks locks = new Locks();
    /** All that was ever committed of each record: nothing else may be at the centre. */
    final Map<String, Set<Map<String, String>>> history = new HashMap<>();

    /** Records that were lost as DB_A was restored, and not made anew since: DB_B may have all that is left of them. */
    final Set<String> lost = new HashSet<>();

    @Nullable
    ResyncPlan resync;

    /** Whether DB_A went back, and nobody has decided since on what only DB_B has. */
    boolean undecided;

    /** How often DB_A went back. */
    int restores;
    /** Whether DB_B ever did. */
    boolean centreWentBack;
    /** Whether a person has asked for what only DB_B has to be deleted. */
    boolean personDecided;

    private final World world;
    private long nextId;
    /** Ids that were handed out to transactions which are open. */
    private final NavigableSet<Long> uncommitted = new TreeSet<>();

    ShopDatabase(World world, int number) {
        this.world = world;
        this.site = new Site("site-" + number);
        this.clock = world.new MachineClock();
        this.queue = new InMemorySite(clock, PATIENCE, new RelayCalls(null));
        this.nextId = number * 1_000L;
    }

    record User(String name, String email) {}

    record Order(long user, String amount) {}

    /**
     * How far it has come to queue all rows again, parents before children, in the order of their keys.
     *
     * @param cursor key of the last row of the table that was queued
     * @param last newest id of the queue when all were queued; -1 before that
     */
    record ResyncPlan(long since, int epoch, boolean sweep, String table, long cursor, long last) {
        ResyncPlan at(String nextTable, long nextCursor) {
            return new ResyncPlan(since, epoch, sweep, nextTable, nextCursor, last);
        }

        ResyncPlan queued(long newest) {
            return new ResyncPlan(since, epoch, sweep, table, cursor, newest);
        }
    }

    /** Whether a later change of the record is still to come: one that a sweep has made room for. */
    boolean comesAgain(InMemorySite.Row row) {
        return changesOf(row.change.table() + "/" + row.change.recordId()).stream()
                .anyMatch(later -> later.status == SyncStatus.PENDING && later.change.id() > row.change.id());
    }

    /** The queue's rows of a record, the newest last. */
    List<InMemorySite.Row> changesOf(String record) {
        String table = record.substring(0, record.indexOf('/'));
        String id = record.substring(table.length() + 1);
        return queue.rows().values().stream()
                .filter(row -> id.equals(row.change.recordId()) && table.equals(row.change.table()))
                .toList();
    }

    /** Whether a record was deleted in a change behind this one. */
    boolean deletedAfter(String record, long sequence) {
        return changesOf(record).stream()
                .anyMatch(row -> row.change.id() > sequence && row.change.operation() == Operation.DELETE);
    }

    /** Whether a record ever was so. */
    boolean committed(String record, Map<String, String> row) {
        return history.getOrDefault(record, Set.of()).contains(row);
    }

    long generateId() {
        return ++nextId;
    }

    boolean owns(String record) {
        long id = Long.parseLong(record.substring(record.indexOf('/') + 1));
        return id / 1_000 == Long.parseLong(site.name().substring(5));
    }

    /** What the trigger captures, under an id that is given now. */
    QueuedChange captured(String table, long id, Operation operation, Map<String, String> row) {
        return change(table, String.valueOf(id), operation, row);
    }

    QueuedChange change(String table, String recordId, Operation operation, Map<String, String> row) {
        var json = new StringBuilder("{");
        row.forEach((column, value) -> json.append(json.length() > 1 ? "," : "")
                .append('"')
                .append(column)
                .append("\":")
                .append(value == null ? "null" : '"' + value.replace("\"", "\\\"") + '"'));
        long id = queue.reserve();
        uncommitted.add(id);
        return new QueuedChange(
                id,
                table,
                recordId,
                operation,
                clock.instant().plusNanos(1_000L * world.random.nextInt(1_000_000)),
                json.append('}').toString(),
                null);
    }

    /** Its transaction commits. */
    void commit(QueuedChange change) {
        uncommitted.remove(change.id());
        queue.commit(change);
    }

    /** Its transaction is rolled back. */
    void rollBack(QueuedChange change) {
        uncommitted.remove(change.id());
    }

    /**
     * Whether all that is committed has lower ids than all that is not. A backup of another moment, if it is of the page
     * last received, cannot be told from the original: decision 17 tells of it.
     */
    boolean isInOrder() {
        return uncommitted.isEmpty()
                || queue.rows().isEmpty()
                || uncommitted.first() > queue.rows().lastKey();
    }

    static Map<String, String> row(long id, User user) {
        return ordered("id", String.valueOf(id), "name", user.name(), "email", user.email(), "updated_at", "2026");
    }

    static Map<String, String> row(long id, Order order) {
        return ordered(
                "id",
                String.valueOf(id),
                "user_id",
                String.valueOf(order.user()),
                "amount",
                order.amount(),
                "status",
                "NEW",
                "updated_at",
                "2026");
    }

    static Map<String, String> ordered(String... pairs) {
        var row = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put(pairs[i], pairs[i + 1]);
        }
        return row;
    }

    /** Each row's columns by record. */
    Map<String, Map<String, String>> content() {
        var content = new HashMap<String, Map<String, String>>();
        users.forEach((id, user) -> content.put("users/" + id, row(id, user)));
        orders.forEach((id, order) -> content.put("orders/" + id, row(id, order)));
        return content;
    }

    /** A resync that the relay has found due; nothing is deleted that a person has to decide on. */
    void planResync(ResyncDue due) {
        undecided |= due == ResyncDue.ROWS;
        planResync(due == ResyncDue.ROWS_AND_SWEEP && !undecided);
    }

    /** One that a person asks for. */
    void planResyncAndDelete() {
        undecided = false;
        planResync(true);
    }

    /** Takes down a resync of all rows, parents before children. */
    private void planResync(boolean sweep) {
        resync = new ResyncPlan(queue.newestId(), queue.epoch, sweep, "users", 0, -1);
        queue.sweepPlanned = sweep;
        world.tell(() -> "%s: a resync%s begins".formatted(site, sweep ? " with a sweep" : ""));
    }

    /** A backup. */
    record Backup(
            InMemorySite queue,
            Map<Long, User> users,
            Map<Long, Order> orders,
            long nextId,
            @Nullable ResyncPlan resync,
            boolean undecided) {}

    Backup backup() {
        return new Backup(queue.copy(), new TreeMap<>(users), new TreeMap<>(orders), nextId, resync, undecided);
    }

    /** Open transactions are gone; whoever is connected stays so. */
    void restore(Backup backup) {
        lost.addAll(content().keySet());
        queue.restore(backup.queue());
        users.clear();
        users.putAll(backup.users());
        orders.clear();
        orders.putAll(backup.orders());
        nextId = backup.nextId();
        resync = backup.resync();
        undecided = backup.undecided();
        lost.removeAll(content().keySet());
        locks.clear();
        uncommitted.clear();
        restores++;
    }
}
