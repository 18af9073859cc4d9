package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Applies a site's changes to the central database, each once, in the order of its lane: a batch is one transaction.
 * First the rows are written in groups; whatever comes unexpected rolls all of it back, and the batch is replayed in its
 * order, at last row by row, so that what the database refuses is refused alone. Safe for use by many threads, each with its own site.
 */
public final class ApplyingChanges {
    private static final int LOOKS = 4;
    /** With the pauses of a lane that fails, about a minute. */
    private static final int MOST_DOUBTS = 10;

    private final CentralDatabase database;
    private final Clock clock;
    private final RandomGenerator random;
    private final Set<Site> knowsOfInserts = ConcurrentHashMap.newKeySet();
    /** How often in a row nothing showed whose fault a failure is. */
    private final Map<Site, Integer> doubts = new ConcurrentHashMap<>();

    /** @param random draws the marks of acknowledgements; a restored database must not see it draw the same again */
    ApplyingChanges(CentralDatabase database, Clock clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Applies the records and commits. Safe to repeat: what was applied before is acknowledged again.
     *
     * @param site whose topic the records came from
     * @param records at least one, in the order of the topic
     * @throws RuntimeException when the database cannot be used now: nothing may be skipped, the same records must come
     *     again; whether they were applied is unknown
     */
    public AppliedBatch apply(Site site, List<ReceivedRecord> records) {
        Outcome outcome = commit(Batch.of(site, records));
        doubts.remove(site);
        return outcome.committedAt(clock.instant());
    }

    private Outcome commit(Batch batch) {
        boolean presumesNew = !knowsOfInserts.contains(batch.site());
        try {
            return attempt(batch, new Attempt(RowWriting::grouped, false, presumesNew));
        } catch (UnexpectedStateException e) {
            return commitInOrder(batch);
        }
    }

    /** A value that goes from one row to another is accepted in the lane's order alone. */
    private Outcome commitInOrder(Batch batch) {
        try {
            return attempt(batch, new Attempt(RowWriting::inOrder, false, false));
        } catch (UnexpectedStateException e) {
            return commitOneByOne(batch);
        }
    }

    private Outcome commitOneByOne(Batch batch) {
        boolean mayWait = doubts.getOrDefault(batch.site(), 0) < MOST_DOUBTS;
        try {
            return commitOneByOne(batch, mayWait);
        } catch (DoubtfulRefusalException e) {
            doubts.merge(batch.site(), 1, Integer::sum);
            throw e;
        }
    }

    private Outcome commitOneByOne(Batch batch, boolean mayWait) {
        for (int look = 1; look < LOOKS; look++) {
            try {
                return attempt(batch, Attempt.oneByOne(true, mayWait));
            } catch (UnexpectedStateException e) {
                // another site's transaction came between: look again
            }
        }
        return attempt(batch, Attempt.oneByOne(false, mayWait));
    }

    /**
     * How a batch is tried.
     *
     * @param tablesAreFresh whether the tables are looked at anew, before it
     * @param presumesNew whether a record whose first change is an INSERT is taken for new, without a look: if it is
     *     known after all, its version cannot be inserted
     */
    private record Attempt(
            Function<CentralTransaction, RowWriting> writing, boolean tablesAreFresh, boolean presumesNew) {
        static Attempt oneByOne(boolean mayLookAgain, boolean mayWait) {
            return new Attempt(centre -> new OneByOne(centre, mayLookAgain, mayWait), true, false);
        }
    }

    private Outcome attempt(Batch batch, Attempt attempt) {
        return database.transaction(centre -> {
            if (attempt.tablesAreFresh()) {
                centre.forgetTables();
            }
            return write(batch, centre, attempt);
        });
    }

    private Outcome write(Batch read, CentralTransaction centre, Attempt attempt) {
        SiteState before = centre.lock(read.site());
        Batch batch = read.near(before.epoch());
        PoisonTally quarantined = PoisonTally.of(centre.quarantine(batch.poison()));
        SiteState next = before.nextFor(batch);
        if (batch.isUnanswerable(next.epoch())) {
            return Outcome.ofNothing(batch, quarantined);
        }
        HelloAnswers answers = HelloAnswers.to(batch, centre, before, next);
        SiteState after = answers.site().giving(HexFormat.of().toHexDigits(random.nextLong()));
        var outcome = new Outcome(batch, quarantined, before.given(), after, answers.answer());
        for (List<ChangeEvent> run : batch.runs()) {
            var decisions = new Decisions(centre, after, known(run, centre, attempt), attempt.tablesAreFresh());
            RowWriting writing = attempt.writing().apply(centre);
            var exchange = new Exchange(centre, decisions);
            for (ChangeEvent event : run) {
                outcome.add(event, written(event, centre, decisions, writing, exchange));
            }
            writing.end();
            exchange.end().forEach(late -> outcome.add(late.event(), late.decision()));
            decisions.save();
        }
        outcome.addMalformed(batch.malformed(after.epoch()));
        centre.save(after);
        centre.keep(after.site(), after.given());
        return outcome;
    }

    private KnownRecords known(List<ChangeEvent> run, CentralTransaction centre, Attempt attempt) {
        if (attempt.presumesNew()) {
            return KnownRecords.presumingNew(run, centre);
        }
        var known = KnownRecords.of(run, centre);
        // only a hint: it saves the attempt that would fail
        if (known.holdsInserted(run)) {
            knowsOfInserts.add(run.get(0).site());
        } else {
            knowsOfInserts.remove(run.get(0).site());
        }
        return known;
    }

    static Decision written(
            ChangeEvent event, CentralTransaction centre, Decisions decisions, RowWriting writing, Exchange exchange) {
        Decision decision = decisions.decide(event);
        if (decision instanceof Decision.Sweeping sweeping) {
            Optional<RowRefusal> refused = centre.sweep(sweeping.sweep(), sweeping.table());
            refused.map(RowRefusal::doubt).ifPresent(writing::doubt);
            return unlessRefused(event, refused, decision);
        }
        if (!(decision instanceof Decision.Apply apply)) {
            return decision;
        }
        Optional<RowRefusal> refused = writing.write(apply.change());
        if (refused.isEmpty()) {
            decisions.remember(event);
        } else if (refused.get().reason() == Reason.DUPLICATE_KEY) {
            exchange.refused(event, apply);
        }
        return unlessRefused(event, refused, decision);
    }

    private static Decision unlessRefused(ChangeEvent event, Optional<RowRefusal> refused, Decision otherwise) {
        return refused.<Decision>map(refusal -> new Decision.Refuse(
                        new Refusal(event.version().sequence(), refusal.reason(), refusal.detail())))
                .orElse(otherwise);
    }
}
