package dev.outboxsync.central;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Row by row, each refused alone. What MySQL has against a row is taken for the row's own fault where its error number says
 * so, or where another row of this run is taken by the same statement on the same table; else it may be the table's or the
 * server's, and is waited out for a while.
 */
final class OneByOne implements RowWriting {
    private final CentralTransaction centre;
    private final boolean mayLookAgain;
    private final boolean mayWait;
    private final Set<RowChange.Kind> taken = new HashSet<>();
    private final Map<RowChange.Kind, RuntimeException> doubts = new HashMap<>();

    /**
     * Begins a run.
     *
     * @param mayLookAgain whether a row that appeared meanwhile is a reason to begin anew: it may be another site's
     * @param mayWait whether what may not be the row's own fault is waited out, and not refused
     */
    OneByOne(CentralTransaction centre, boolean mayLookAgain, boolean mayWait) {
        this.centre = centre;
        this.mayLookAgain = mayLookAgain;
        this.mayWait = mayWait;
    }

    @Override
    public Optional<RowRefusal> write(RowChange change) {
        Optional<RowRefusal> refusal = centre.writeAlone(change);
        if (mayLookAgain && refusal.filter(RowRefusal::isOfPrimaryKey).isPresent()) {
            throw new UnexpectedStateException("a row appeared meanwhile", null);
        }
        if (refusal.isEmpty()) {
            taken.add(change.kind());
        }
        refusal.map(RowRefusal::doubt).ifPresent(doubt -> doubts.putIfAbsent(change.kind(), doubt));
        return refusal;
    }

    @Override
    public void doubt(RuntimeException failure) {
        if (mayWait) {
            throw new DoubtfulRefusalException(failure);
        }
    }

    @Override
    public void end() {
        doubts.forEach((kind, failure) -> {
            if (!taken.contains(kind)) {
                doubt(failure);
            }
        });
    }
}
