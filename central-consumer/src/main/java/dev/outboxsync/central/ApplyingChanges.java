package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Applies a site's changes to the central database, each once, in the order of its lane: a batch is one transaction.
 * First the rows are written in groups; whatever comes unexpected rolls all of it back, and the batch is replayed in its
 * order, at last row by row, so that what the database refuses is refused alone. Safe for use by many threads, each with its own site.
 */
public final class ApplyingChanges {
    private static final int LOOKS = 4;

    private final CentralDatabase database;
    private final Clock clock;
    private final RandomGenerator random;

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
        return outcome.committedAt(clock.instant());
    }

    private Outcome commit(Batch batch) {
        try {
            return database.transaction(centre -> write(batch, centre, () -> RowWriting.grouped(centre), false));
        } catch (UnexpectedStateException e) {
            return commitInOrder(batch);
        }
    }

    /** A value that goes from one row to another is accepted in the lane's order alone. */
    private Outcome commitInOrder(Batch batch) {
        try {
            return database.transaction(centre -> write(batch, centre, () -> RowWriting.inOrder(centre), false));
        } catch (UnexpectedStateException e) {
            return commitOneByOne(batch);
        }
    }

    private Outcome commitOneByOne(Batch batch) {
        for (int look = 1; look < LOOKS; look++) {
            try {
                return database.transaction(oneByOne(batch, true));
            } catch (UnexpectedStateException e) {
                // another site's transaction came between: look again
            }
        }
        return database.transaction(oneByOne(batch, false));
    }

    private Function<CentralTransaction, Outcome> oneByOne(Batch batch, boolean mayLookAgain) {
        return centre -> {
            centre.forgetTables();
            return write(batch, centre, () -> RowWriting.oneByOne(centre, mayLookAgain), true);
        };
    }

    private Outcome write(
            Batch batch, CentralTransaction centre, Supplier<RowWriting> writings, boolean tablesAreFresh) {
        SiteState before = centre.lock(batch.site());
        centre.quarantine(batch.poison());
        if (batch.isPoisonOnly()) {
            return Outcome.ofNothing(batch);
        }
        HelloAnswers answers = HelloAnswers.to(batch, centre, before.nextFor(batch));
        SiteState after = answers.site().giving(HexFormat.of().toHexDigits(random.nextLong()));
        var outcome = new Outcome(batch, before.given(), after, answers.answer());
        for (List<ChangeEvent> run : batch.runs()) {
            Set<RecordKey> records = Batch.records(run);
            var decisions = new Decisions(centre, after.epoch(), centre.remembered(records), tablesAreFresh);
            RowWriting writing = writings.get();
            var exchange = new Exchange(centre, decisions);
            for (ChangeEvent event : run) {
                outcome.add(event, written(event, centre, decisions, writing, exchange));
            }
            writing.end();
            exchange.end().forEach(late -> outcome.add(late.event(), late.decision()));
            decisions.save();
        }
        centre.save(after);
        centre.keep(after.site(), after.given());
        return outcome;
    }

    private static Decision written(
            ChangeEvent event, CentralTransaction centre, Decisions decisions, RowWriting writing, Exchange exchange) {
        Decision decision = decisions.decide(event);
        if (decision instanceof Decision.Sweeping sweeping) {
            return unlessRefused(event, centre.sweep(sweeping.sweep(), sweeping.table()), decision);
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
