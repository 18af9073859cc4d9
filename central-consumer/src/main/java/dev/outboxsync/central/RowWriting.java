package dev.outboxsync.central;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the rows of a batch are written. */
interface RowWriting {
    /** Takes the next change; answers why it is refused, or empty when it is, or will be, written. */
    Optional<RowRefusal> write(RowChange change);

    /** Writes what is still to be written. */
    void end();

    /** All rows in as few statements as their order allows. Expects every one to be accepted. */
    static RowWriting together(CentralTransaction centre) {
        List<RowChange> changes = new ArrayList<>();
        return new RowWriting() {
            @Override
            public Optional<RowRefusal> write(RowChange change) {
                changes.add(change);
                return Optional.empty();
            }

            @Override
            public void end() {
                Step.planOf(changes).forEach(centre::write);
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
