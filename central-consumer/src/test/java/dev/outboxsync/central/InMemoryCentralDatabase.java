package dev.outboxsync.central;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A central database in memory, one transaction at a time, that fails where it is told to. */
final class InMemoryCentralDatabase implements CentralDatabase {
    private final Deque<Fault> faults = new ArrayDeque<>();
    private InMemoryRows committed = new InMemoryRows();

    /** What happens at the ends of the next transactions, in turn. */
    void plan(Fault... next) {
        faults.addAll(List.of(next));
    }

    InMemoryRows committed() {
        return committed;
    }

    @Override
    public synchronized <T> T transaction(Function<CentralTransaction, T> work) {
        var open = committed.copy();
        T result = work.apply(new InMemoryTransaction(open));
        Fault fault = faults.isEmpty() ? Fault.NONE : faults.pop();
        if (fault != Fault.BEFORE_COMMIT) {
            committed = open;
        }
        if (fault != Fault.NONE) {
            throw new IllegalStateException("the connection is gone; who knows whether that was committed");
        }
        return result;
    }

    /** Where a transaction loses its connection. Its caller cannot tell the two apart. */
    enum Fault {
        NONE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }
}
