package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Operation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is remembered of the records of a run.
 *
 * @param remembered the versions that were found
 * @param presumedNew records that were not looked for: inserting their version proves that there was none
 */
record KnownRecords(Map<RecordKey, AppliedVersion> remembered, Set<RecordKey> presumedNew) {
    static KnownRecords of(List<ChangeEvent> run, CentralTransaction centre) {
        return new KnownRecords(centre.remembered(Batch.records(run)), Set.of());
    }

    /** Takes a record for new if the first that the run tells of it is an INSERT. */
    static KnownRecords presumingNew(List<ChangeEvent> run, CentralTransaction centre) {
        Set<RecordKey> inserted = inserted(run);
        Set<RecordKey> others = new HashSet<>(Batch.records(run));
        others.removeAll(inserted);
        return new KnownRecords(centre.remembered(others), inserted);
    }

    private static Set<RecordKey> inserted(List<ChangeEvent> run) {
        Set<RecordKey> inserted = new HashSet<>();
        Set<RecordKey> others = new HashSet<>();
        for (ChangeEvent event : run) {
            RecordKey record = RecordKey.of(event);
            if (event.operation() != Operation.INSERT) {
                others.add(record);
            } else if (!others.contains(record)) {
                inserted.add(record);
            }
        }
        return inserted;
    }

    /** Whether any record is known that the run tells of as new: a repeat, or one that was deleted before. */
    boolean holdsInserted(List<ChangeEvent> run) {
        return inserted(run).stream().anyMatch(remembered::containsKey);
    }

    /**
     * To be called before the change is refused: nothing would then prove that its record is new.
     *
     * @throws UnexpectedStateException when its record was not looked for
     */
    void demandLook(ChangeEvent event) {
        if (presumedNew.contains(RecordKey.of(event))) {
            throw new UnexpectedStateException("a change is refused whose record was taken for new", null);
        }
    }
}
