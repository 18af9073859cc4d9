package dev.outboxsync.central;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How the rows of a batch are written. */
interface RowWriting {
    /** Takes the next change; answers why it is refused, or empty when it is, or will be, written. */
    Optional<RowRefusal> write(RowChange change);

    /** Writes what is still to be written. */
    void end();

    /** All rows in few statements. Expects every one to be accepted. */
    static RowWriting grouped(CentralTransaction centre) {
        return together(centre, changes -> GroupedSteps.of(changes, centre.foreignKeys()));
    }

    /** All rows in the lane's order, neighbours together. Expects every one to be accepted. */
    static RowWriting inOrder(CentralTransaction centre) {
        return together(centre, Step::inOrder);
    }

    private static RowWriting together(CentralTransaction centre, Function<List<RowChange>, List<Step>> plan) {
        List<RowChange> changes = new ArrayList<>();
        return new RowWriting() {
            @Override
            public Optional<RowRefusal> write(RowChange change) {
                changes.add(change);
                return Optional.empty();
            }

            @Override
            public void end() {
                plan.apply(changes).forEach(centre::write);
            }
        };
    }

    /**
     * Row by row, each refused alone.
     *
     * @param mayLookAgain whether a row that appeared meanwhile is a reason to begin anew: it may be another site's
     */
    static RowWriting oneByOne(CentralTransaction centre, boolean mayLookAgain) {
        return new RowWriting() {
            @Override
            public Optional<RowRefusal> write(RowChange change) {
                Optional<RowRefusal> refusal = centre.writeAlone(change);
                if (mayLookAgain && refusal.filter(RowRefusal::isOfPrimaryKey).isPresent()) {
                    throw new UnexpectedStateException("a row appeared meanwhile", null);
                }
                return refusal;
            }

            @Override
            public void end() {
                // nothing was put off
            }
        };
    }
}
