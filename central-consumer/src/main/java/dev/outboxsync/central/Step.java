package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.TableShape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Changes that one batch of the same statement makes, in their order.
 *
 * @param rows all with the same columns in the same order
 */
record Step(Operation statement, TableShape table, List<RowImage> rows) {
    /** The plan in the lane's order: each run of neighbours that one statement serves is a step. */
    static List<Step> inOrder(List<RowChange> changes) {
        var steps = new ArrayList<Step>();
        for (RowChange change : changes) {
            if (steps.isEmpty() || !steps.get(steps.size() - 1).serves(change)) {
                steps.add(forChangesLike(change));
            }
            steps.get(steps.size() - 1).add(change);
        }
        return steps;
    }

    /** Without a change yet. */
    static Step forChangesLike(RowChange change) {
        return new Step(change.statement(), change.table(), new ArrayList<>());
    }

    void add(RowChange change) {
        rows.add(change.row());
    }

    boolean serves(RowChange change) {
        return statement == change.statement()
                && table.equals(change.table())
                && haveSameColumns(rows.get(0), change.row());
    }

    private static boolean haveSameColumns(RowImage one, RowImage other) {
        Iterator<String> names = one.columns().keySet().iterator();
        for (String name : other.columns().keySet()) {
            if (!names.hasNext() || !name.equals(names.next())) {
                return false;
            }
        }
        return !names.hasNext();
    }

    /** The columns of each row, in their order. */
    List<String> columns() {
        return List.copyOf(rows.get(0).columns().keySet());
    }
}
