package dev.outboxsync.central;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How the rows of a batch are written. */
interface RowWriting {
    /** Takes the next change; answers why it is refused, or empty when it is, or will be, written. */
    Optional<RowRefusal> write(RowChange change);

    /**
     * A sweep was refused, which may be no fault of its own.
     *
     * @throws RuntimeException when it is not to be refused yet; the transaction must be rolled back
     */
    void doubt(RuntimeException failure);

    /**
     * Writes what is still to be written.
     *
     * @throws RuntimeException when a row's refusal was none of the row after all; the transaction must be rolled back
     */
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
            public void doubt(RuntimeException failure) {
                throw new UnexpectedStateException("a sweep was refused", failure);
            }

            @Override
            public void end() {
                plan.apply(changes).forEach(centre::write);
            }
        };
    }
}
