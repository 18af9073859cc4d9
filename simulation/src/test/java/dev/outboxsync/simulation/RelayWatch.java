package dev.outboxsync.simulation;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
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
import dev.outboxsync.relay.InMemorySite;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import dev.outboxsync.relay.SiteDatabase;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one relay does between two starts: it sends only when it is online, leads and is answered, and settles what it has
 * sent in that epoch and may believe, as long as it leads.
 */
final class RelayWatch {
    private final Oracle oracle;
    private final ShopDatabase shop;
    private final String relay;
    private final SiteDatabase database;
    private final Set<Version> tried = new HashSet<>();
    private final Set<AcknowledgementId> believable = new HashSet<>();
    /** What the log may lack of what was sent, and nobody has answered: nothing may go out before it. */
    private final NavigableSet<Long> unconfirmed = new TreeSet<>();

    private int restoresWhenRead;
    private int epochWhenRead;
    private boolean online;
    private boolean switchRead;
    private boolean leaseTaken;
    private LeaseHold hold = LeaseHold.NONE;
    private String asked = "";
    private boolean answered;
    private AcknowledgementId last = AcknowledgementId.NONE;
    /** To what was last asked. */
    private final Map<AcknowledgementId, Answer> answers = new HashMap<>();

    RelayWatch(Oracle oracle, ShopDatabase shop, String relay, SiteDatabase database) {
        this.oracle = oracle;
        this.shop = shop;
        this.relay = relay;
        this.database = database;
    }

    /** The database as the watched relay is to use it. */
    SiteDatabase database() {
        return new SiteDatabase(new Queue(database.queue()), new State(database.state()), new Lease(database.lease()));
    }

    /** A HELLO is about to be sent. */
    void asking(byte[] hello) {
        try {
            asked = ((Hello) LaneRecordJson.read(hello)).token();
            answers.clear();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An acknowledgement was read: the answer, or one that follows what came before. Any other may be of a DB_B that went
     * back, and until the centre has answered anew nothing is believed.
     */
    void heard(byte[] value) {
        try {
            Acknowledgement acknowledgement = AcknowledgementJson.read(value);
            boolean isAnswer = acknowledgement.answer() != null
                    && acknowledgement.answer().token().equals(asked);
            boolean follows = acknowledgement.id().number() == last.number() + 1
                    && acknowledgement.previous().equals(last.mark());
            if (isAnswer) {
                asked = "";
                answers.put(
                        acknowledgement.id(),
                        new Answer(acknowledgement, due(acknowledgement), shop.queue.epoch, shop.restores));
            }
            if (answered ? follows : isAnswer) {
                answered = true;
                last = acknowledgement.id();
                believable.add(last);
            } else {
                unanswered();
            }
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A call has failed: either database may be another one now. */
    void failed() {
        unanswered();
        asked = "";
    }

    private void unanswered() {
        asked = answered ? "" : asked;
        answered = false;
    }

    /**
     * An answer to a HELLO of this relay.
     *
     * @param due what the epoch has to send again that it makes begin; null when neither database went back
     * @param epoch in which it was read
     * @param restores how often DB_A had gone back by then
     */
    private record Answer(Acknowledgement told, @Nullable ResyncDue due, int epoch, int restores) {
        boolean isOf(ShopDatabase shop) {
            return epoch == shop.queue.epoch && restores == shop.restores;
        }
    }

    /** Of a DB_A that went back DB_B tells what it does not know; if DB_B alone did, it has forgotten what it has given. */
    private @Nullable ResyncDue due(Acknowledgement told) {
        LastReceived received = told.answer().last();
        boolean isKnown = received == null
                || shop.queue.database("nobody", Duration.ZERO).queue().holds(received);
        if (told.epoch() > shop.queue.epoch || told.answer().told() > shop.queue.seen.number() || !isKnown) {
            return ResyncDue.ROWS;
        }
        return told.answer().remembers() ? null : ResyncDue.ROWS_AND_SWEEP;
    }

    private void demandThatNoneWentBack() {
        boolean wentBack = answers.values().stream().allMatch(answer -> answer.isOf(shop) && answer.due() != null);
        if (wentBack && !answers.isEmpty()) {
            throw new Violation("%s publishes, and %s tells that a database went back".formatted(relay, answers));
        }
    }

    private void demandRightEpoch(int next, AcknowledgementId seen, ResyncDue due) {
        Answer answer = answers.get(seen);
        boolean isRight = answer != null
                && (due == answer.due() || !answer.isOf(shop))
                && next == Math.max(answer.epoch(), answer.told().epoch()) + 1;
        if (!isRight) {
            throw new Violation("%s begins epoch %d from %s on, %s due, as it is told %s"
                    .formatted(relay, next, seen, due, answers));
        }
    }

    /** Whether the last page is of the database that the site has now. */
    boolean readNow() {
        return restoresWhenRead == shop.restores;
    }

    /** A page is about to be sent, whatever becomes of it; these are its events. */
    List<ChangeEvent> sending(List<OutgoingChange> page) {
        if (hold == LeaseHold.NONE) {
            throw new Violation("%s publishes and does not lead".formatted(relay));
        }
        if (!answered) {
            throw new Violation("%s publishes, and no HELLO was answered since it leads".formatted(relay));
        }
        if (!online) {
            throw new Violation("%s publishes, and the switch is off".formatted(relay));
        }
        demandThatNoneWentBack();
        demandFreshLease(page.size());
        List<ChangeEvent> events =
                page.stream().map(change -> Oracle.event(change.value())).toList();
        events.forEach(event -> tried.add(event.version()));
        List<Long> sequences = page.stream().map(OutgoingChange::sequence).toList();
        if (!sequences.equals(List.copyOf(new TreeSet<>(sequences)))) {
            throw new Violation("%s sends %s, which is not the order of the queue".formatted(relay, sequences));
        }
        if (readNow()) {
            demandThatNothingWaitsByItself(sequences);
        }
        for (ChangeEvent event : events) {
            if (event.epoch() != epochWhenRead) {
                throw new Violation(
                        "%s sends %s, which was read in epoch %d".formatted(relay, event.version(), epochWhenRead));
            }
        }
        return events;
    }

    /** The switch is read and the lease extended for each page, so that both hold while it is sent. */
    private void demandFreshLease(int size) {
        if (!switchRead || !leaseTaken || size > RelayProcess.PAGE) {
            throw new Violation(
                    "%s sends %d changes, and has read the switch since the last page: %b, taken the lease: %b"
                            .formatted(relay, size, switchRead, leaseTaken));
        }
        switchRead = false;
        leaseTaken = false;
    }

    /** What became of a page. */
    void sent(Publication publication) {
        publication.confirmed().forEach(unconfirmed::remove);
        unconfirmed.addAll(publication.unconfirmed());
    }

    private void demandThatNothingWaitsByItself(List<Long> page) {
        for (long earlier : unconfirmed.headSet(page.get(page.size() - 1))) {
            InMemorySite.Row row = shop.queue.row(earlier);
            if (row != null && row.status == SyncStatus.PENDING && !page.contains(earlier)) {
                throw new Violation("%s sends %s, and not %d, which was not confirmed".formatted(relay, page, earlier));
            }
        }
    }

    private final class State implements SiteState {
        private final SiteState state;

        State(SiteState state) {
            this.state = state;
        }

        @Override
        public boolean online() {
            online = state.online();
            switchRead = true;
            return online;
        }

        @Override
        public Site site() {
            return state.site();
        }

        @Override
        public int epoch() {
            return state.epoch();
        }

        @Override
        public SiteStanding standing() {
            return state.standing();
        }
    }

    private final class Lease implements LeaderLease {
        private final LeaderLease lease;

        Lease(LeaderLease lease) {
            this.lease = lease;
        }

        @Override
        public LeaseHold acquire() {
            hold = lease.acquire();
            leaseTaken = hold != LeaseHold.NONE;
            if (hold == LeaseHold.GAINED) {
                failed();
                answers.clear();
                believable.clear();
                tried.clear();
                unconfirmed.clear();
            }
            return hold;
        }

        @Override
        public boolean stands() {
            boolean stands = lease.stands();
            hold = stands ? hold : LeaseHold.NONE;
            return stands;
        }

        @Override
        public void release() {
            lease.release();
        }
    }

    private final class Queue implements SyncQueue {
        private final SyncQueue queue;

        Queue(SyncQueue queue) {
            this.queue = queue;
        }

        @Override
        public Settled settle(Settlement settlement) {
            int epoch = settlement.acknowledgement().epoch();
            List<Long> answered = Stream.concat(
                            settlement.applied().stream(),
                            settlement.refused().stream().map(Refusal::sequence))
                    .toList();
            if (!answered.stream().allMatch(sequence -> tried.contains(new Version(epoch, sequence)))) {
                throw new Violation(
                        "%s settles of %s what it has never sent in epoch %d".formatted(relay, answered, epoch));
            }
            if (hold == LeaseHold.NONE) {
                throw new Violation("%s settles and does not lead".formatted(relay));
            }
            answered.forEach(unconfirmed::remove);
            AcknowledgementId id = settlement.acknowledgement().id();
            if (!believable.contains(id)) {
                throw new Violation("%s settles what %s tells, which follows no answer".formatted(relay, id));
            }
            List<InMemorySite.Row> pending = settlement.applied().stream()
                    .map(shop.queue::row)
                    .filter(row -> row != null && row.status == SyncStatus.PENDING)
                    .toList();
            int restores = shop.restores;
            try {
                Settled settled = refusing(settlement.refused(), () -> queue.settle(settlement));
                if (restores == shop.restores) {
                    oracle.settled(shop, epoch, id);
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
            return queue.newestPending();
        }

        @Override
        public List<Long> pending(long newest, List<SequenceRange> passedOver, int limit) {
            return queue.pending(newest, passedOver, limit);
        }

        @Override
        public List<QueuedChange> read(List<Long> ids, PageLimit limit) {
            restoresWhenRead = shop.restores;
            epochWhenRead = shop.queue.epoch;
            return queue.read(ids, limit);
        }

        @Override
        public boolean holds(LastReceived change) {
            return queue.holds(change);
        }

        @Override
        public boolean beginEpoch(int expected, int next, AcknowledgementId seen, ResyncDue due) {
            failed();
            unconfirmed.clear();
            demandRightEpoch(next, seen, due);
            boolean isKnown = oracle.knowsEpoch(shop, next);
            boolean begun = queue.beginEpoch(expected, next, seen, due);
            if (begun && isKnown) {
                throw new Violation("%s begins epoch %d once more".formatted(relay, next));
            }
            return begun;
        }

        @Override
        public void attemptFailed(Collection<Long> ids, String error) {
            if (error.startsWith("NOT_CONFIRMED") && !unconfirmed.containsAll(ids)) {
                throw new Violation("%s counts %s as not confirmed, and that is %s".formatted(relay, ids, unconfirmed));
            }
            queue.attemptFailed(ids, error);
        }

        @Override
        public void refuse(int epoch, Refusal refusal) {
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
                oracle.refused(
                        row, refusal.reason(), pending.stream().noneMatch(earlier::contains) && !wasSweepPlanned);
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
}
