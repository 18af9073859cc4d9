package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Operation;
import java.util.HashMap;
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
        return new KnownRecords(centre.remembered(firstOperations(run).keySet()), Set.of());
    }

    /** Takes a record for new if the first that the run tells of it is an INSERT. */
    static KnownRecords presumingNew(List<ChangeEvent> run, CentralTransaction centre) {
        Map<RecordKey, Operation> first = firstOperations(run);
        Set<RecordKey> inserted = new HashSet<>();
        Set<RecordKey> others = new HashSet<>();
        first.forEach((record, operation) -> (operation == Operation.INSERT ? inserted : others).add(record));
        return new KnownRecords(centre.remembered(others), inserted);
    }

    private static Map<RecordKey, Operation> firstOperations(List<ChangeEvent> run) {
        Map<RecordKey, Operation> first = new HashMap<>();
        run.forEach(event -> first.putIfAbsent(RecordKey.of(event), event.operation()));
        return first;
    }

    /** Whether any record is known that the run tells of as new: a repeat, or one that was deleted before. */
    boolean holdsInserted(List<ChangeEvent> run) {
        return firstOperations(run).entrySet().stream()
                .anyMatch(first -> first.getValue() == Operation.INSERT && remembered.containsKey(first.getKey()));
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
