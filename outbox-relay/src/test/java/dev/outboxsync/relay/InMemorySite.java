package dev.outboxsync.relay;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason.Outlook;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.Settled;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.queue.SiteStanding;
import dev.outboxsync.queue.SiteState;
import dev.outboxsync.queue.SyncQueue;
import dev.outboxsync.queue.SyncStatus;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;

/** A site's database in memory: queue, state and lease, as the relay's ports see them. */
public final class InMemorySite {
    public static final Site NAME = new Site("site-1");
    /** What is told of a change that was refused and needs no sending again, for a later one of its record is SYNCED. */
    public static final String OVERTAKEN = "OVERTAKEN";

    static final Instant CAPTURED = Instant.parse("2026-11-23T06:00:00Z");

    public boolean online = true;
    public int epoch = 1;
    public long synced;
    public long failed;
    public AcknowledgementId seen = AcknowledgementId.NONE;
    public ResyncDue due;
    /** Whether a resync is on its way that ends in a sweep. */
    public boolean sweepPlanned;

    /** Which writing of the lease it holds, of all that there ever were; a backup holds that of its moment. */
    public long lease;

    public long leasesWritten;

    final List<SequenceRange> receipts = new ArrayList<>();
    private final Faults faults;
    int pagesRead;
    private final Clock clock;
    private final Duration patience;
    private final NavigableMap<Long, Row> rows = new TreeMap<>();
    private long lastId;
    private String holder = "";
    private long beat;
    private Instant leaseEnd = Instant.MIN;

    public InMemorySite(Clock clock, Duration patience, Faults faults) {
        this.clock = clock;
        this.patience = patience;
        this.faults = faults;
    }

    /** A row of the queue. */
    public static final class Row {
        public final QueuedChange change;
        public SyncStatus status = SyncStatus.PENDING;
        public int retryCount;
        public String lastError;
        public Integer epoch;
        public Instant refusedSince;

        Row(QueuedChange change) {
            this.change = change;
        }

        Row copy() {
            var copy = new Row(change);
            copy.status = status;
            copy.retryCount = retryCount;
            copy.lastError = lastError;
            copy.epoch = epoch;
            copy.refusedSince = refusedSince;
            return copy;
        }
    }

    /** Another database of the same content: a backup. */
    public InMemorySite copy() {
        var copy = new InMemorySite(clock, patience, faults);
        copy.restore(this);
        return copy;
    }

    /** Becomes what the other one is; whoever is connected stays so. */
    public void restore(InMemorySite backup) {
        online = backup.online;
        epoch = backup.epoch;
        synced = backup.synced;
        failed = backup.failed;
        seen = backup.seen;
        due = backup.due;
        sweepPlanned = backup.sweepPlanned;
        receipts.clear();
        receipts.addAll(backup.receipts);
        rows.clear();
        backup.rows.forEach((id, row) -> rows.put(id, row.copy()));
        lastId = backup.lastId;
        holder = backup.holder;
        beat = backup.beat;
        lease = backup.lease;
        leaseEnd = backup.leaseEnd;
    }

    /** The queue's rows, by id. */
    public NavigableMap<Long, Row> rows() {
        return rows;
    }

    /** Whether a later change of the record is SYNCED. */
    public boolean isOvertaken(Row row) {
        return OVERTAKEN.equals(row.lastError)
                || (row.change.operation() != Operation.SWEEP
                        && rows.tailMap(row.change.id(), false).values().stream()
                                .anyMatch(later -> later.status == SyncStatus.SYNCED
                                        && later.change.recordId().equals(row.change.recordId())
                                        && later.change.table().equals(row.change.table())));
    }

    /** Whether a sweep is on its way, which may take what a change collides with. */
    public boolean sweepMayCure() {
        return due == ResyncDue.ROWS_AND_SWEEP
                || sweepPlanned
                || rows.values().stream()
                        .anyMatch(row -> row.change.operation() == Operation.SWEEP && row.status == SyncStatus.PENDING);
    }

    /** Whether this relay was the last to gain the lease, whatever another one believes. */
    public boolean isLedBy(String relay) {
        return holder.equals(relay);
    }

    /** An operator's retry; what was overtaken needs none. */
    public void retry(long id) {
        Row row = rows.get(id);
        if (row.status == SyncStatus.FAILED && !isOvertaken(row)) {
            row.status = SyncStatus.PENDING;
            row.refusedSince = null;
            failed--;
        }
    }

    /** An id as a writer gets it, long before its commit. */
    public long reserve() {
        return ++lastId;
    }

    /** The last id that was handed out. */
    public long newestId() {
        return lastId;
    }

    /** The writer's commit. */
    void commit(long id, String payload) {
        commit(new QueuedChange(id, "users", String.valueOf(id), Operation.INSERT, CAPTURED, payload, null));
    }

    /** The commit of a writer whose trigger captured this change. */
    public void commit(QueuedChange change) {
        rows.put(change.id(), new Row(change));
    }

    long write() {
        long id = reserve();
        commit(id, "{\"id\": \"" + id + "\"}");
        return id;
    }

    List<Long> write(int count) {
        var ids = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            ids.add(write());
        }
        return ids;
    }

    public Row row(long id) {
        return rows.get(id);
    }

    public List<Long> ids(SyncStatus status) {
        var ids = new ArrayList<Long>();
        rows.forEach((id, row) -> {
            if (row.status == status) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** As in a backup: the lease was held, by whomever, some beats ago. */
    void setLeaseBack() {
        beat--;
    }

    public SiteDatabase database(String relay, Duration lease) {
        return database(relay, lease, faults);
    }

    /**
     * The same database for a relay whose calls have faults of their own.
     *
     * @param faults of this relay's calls alone
     */
    public SiteDatabase database(String relay, Duration lease, Faults faults) {
        var held = new Lease(relay, lease, faults);
        return new SiteDatabase(new Queue(faults, held), new State(faults), held);
    }

    private final class State implements SiteState {
        private final Faults faults;

        State(Faults faults) {
            this.faults = faults;
        }

        @Override
        public Site site() {
            return faults.call(() -> NAME);
        }

        @Override
        public int epoch() {
            return faults.call(() -> epoch);
        }

        @Override
        public SiteStanding standing() {
            return faults.call(() -> new SiteStanding(epoch, seen));
        }

        @Override
        public boolean online() {
            return faults.call(() -> online);
        }
    }

    private final class Lease implements LeaderLease {
        private final String relay;
        private final Duration length;
        private final Faults faults;
        private long written = 1;
        private long tried;

        Lease(String relay, Duration length, Faults faults) {
            this.relay = relay;
            this.length = length;
            this.faults = faults;
        }

        @Override
        public LeaseHold acquire() {
            if (write(this::known)) {
                return LeaseHold.EXTENDED;
            }
            written = Long.MAX_VALUE;
            boolean gained = write(last -> holder.equals(relay) || leaseEnd.isBefore(clock.instant()));
            return gained ? LeaseHold.GAINED : LeaseHold.NONE;
        }

        private boolean write(LongPredicate condition) {
            long last = tried;
            long next = ++tried;
            boolean done = faults.call(() -> {
                if (!condition.test(last)) {
                    return false;
                }
                holder = relay;
                beat = next;
                lease = ++leasesWritten;
                leaseEnd = clock.instant().plus(length);
                return true;
            });
            written = done ? next : written;
            return done;
        }

        /** A part of each write. */
        void demand() {
            if (!known(tried)) {
                throw new ConcurrencyFailureException("the lease does not stand");
            }
        }

        private boolean known(long last) {
            return holder.equals(relay) && written <= beat && beat <= last && !leaseEnd.isBefore(clock.instant());
        }

        @Override
        public boolean stands() {
            return faults.call(() -> known(tried));
        }

        @Override
        public void release() {
            faults.run(() -> leaseEnd = holder.equals(relay) ? Instant.MIN : leaseEnd);
        }
    }

    private final class Queue implements SyncQueue {
        private final Faults faults;
        private final Lease lease;

        Queue(Faults faults, Lease lease) {
            this.faults = faults;
            this.lease = lease;
        }

        private <T> T write(Supplier<T> work) {
            return faults.call(() -> {
                lease.demand();
                return work.get();
            });
        }

        @Override
        public long newestPending() {
            return faults.call(() ->
                    ids(SyncStatus.PENDING).stream().mapToLong(id -> id).max().orElse(0));
        }

        @Override
        public List<Long> pending(long newest, List<SequenceRange> passedOver, int limit) {
            return faults.call(() -> ids(SyncStatus.PENDING).stream()
                    .filter(id -> id <= newest)
                    .filter(id -> passedOver.stream().noneMatch(run -> run.first() <= id && id <= run.last()))
                    .limit(limit)
                    .toList());
        }

        @Override
        public List<QueuedChange> read(List<Long> ids, PageLimit limit) {
            return faults.call(() -> {
                pagesRead++;
                var wanted = new HashSet<>(ids);
                var page = new ArrayList<QueuedChange>();
                long bytes = 0;
                for (long id : ids(SyncStatus.PENDING)) {
                    if (wanted.contains(id) && bytes < limit.bytes()) {
                        QueuedChange change = rows.get(id).change;
                        int length = change.payload().getBytes(StandardCharsets.UTF_8).length;
                        boolean fits = length <= limit.longestPayload();
                        bytes += fits ? length : 0;
                        page.add(fits ? change : shortened(change));
                    }
                }
                return page;
            });
        }

        private static QueuedChange shortened(QueuedChange change) {
            boolean keyIsEnough = change.operation() == Operation.DELETE;
            return new QueuedChange(
                    change.id(),
                    change.table(),
                    change.recordId(),
                    change.operation(),
                    change.capturedAt(),
                    keyIsEnough ? change.payload().replaceAll("\"[^\"]{256,}\"", "null") : null,
                    change.traceparent());
        }

        @Override
        public boolean holds(LastReceived change) {
            return faults.call(() -> rows.containsKey(change.sequence())
                    ? rows.get(change.sequence()).change.capturedAt().equals(change.capturedAt())
                    : receipts.stream()
                            .anyMatch(run -> run.first() <= change.sequence() && change.sequence() <= run.last()));
        }

        @Override
        public boolean beginEpoch(int expected, int next, AcknowledgementId from, ResyncDue resync) {
            return write(() -> {
                if (epoch != expected) {
                    return false;
                }
                epoch = next;
                seen = from;
                due = due == ResyncDue.ROWS ? due : resync;
                ids(SyncStatus.PENDING).stream()
                        .map(rows::get)
                        .filter(row -> row.change.operation() == Operation.SWEEP || isOvertaken(row))
                        .forEach(row -> {
                            row.status = SyncStatus.FAILED;
                            row.lastError = OVERTAKEN;
                            failed++;
                        });
                return true;
            });
        }

        @Override
        public void attemptFailed(Collection<Long> ids, String error) {
            write(() -> {
                new HashSet<>(ids).stream().filter(this::pending).forEach(id -> count(id, error));
                return true;
            });
        }

        @Override
        public void refuse(int epochOfRow, Refusal refusal) {
            write(() -> failed += fail(epochOfRow, refusal) ? 1 : 0);
        }

        @Override
        public Settled settle(Settlement settlement) {
            return write(() -> {
                int inEpoch = settlement.acknowledgement().epoch();
                if (inEpoch != epoch) {
                    throw new ConcurrencyFailureException("epoch " + inEpoch + " is over");
                }
                List<Long> settled =
                        settlement.applied().stream().filter(this::pending).toList();
                settled.forEach(id -> sync(rows.get(id), inEpoch));
                receipts.addAll(SequenceRange.runsOf(settled));
                long refused = settlement.refused().stream()
                        .filter(refusal -> fail(inEpoch, refusal))
                        .count();
                synced += settled.size();
                failed += refused;
                AcknowledgementId given = settlement.acknowledgement().id();
                seen = given.number() > seen.number() ? given : seen;
                return new Settled(settled.size(), refused, settlement.refused().size() - refused);
            });
        }

        private boolean pending(long id) {
            return rows.containsKey(id) && rows.get(id).status == SyncStatus.PENDING;
        }

        private void sync(Row row, int inEpoch) {
            row.status = SyncStatus.SYNCED;
            row.epoch = inEpoch;
            row.lastError = null;
            row.refusedSince = null;
        }

        private void count(long id, String error) {
            rows.get(id).retryCount++;
            rows.get(id).lastError = error;
        }

        private boolean fail(int inEpoch, Refusal refusal) {
            if (!pending(refusal.sequence())) {
                return false;
            }
            Row row = rows.get(refusal.sequence());
            count(refusal.sequence(), refusal.text());
            if (isFinal(refusal, row)) {
                row.status = SyncStatus.FAILED;
                row.epoch = inEpoch;
                return true;
            }
            row.refusedSince = row.refusedSince == null ? clock.instant() : row.refusedSince;
            return false;
        }

        private boolean isFinal(Refusal refusal, Row row) {
            Outlook outlook = refusal.reason().outlook();
            boolean tooLong = row.refusedSince != null
                    && !row.refusedSince.isAfter(clock.instant().minus(patience));
            boolean first = ids(SyncStatus.PENDING).get(0) == refusal.sequence();
            return outlook == Outlook.FINAL || tooLong || (outlook == Outlook.COLLISION && first && !sweepMayCure());
        }
    }
}
