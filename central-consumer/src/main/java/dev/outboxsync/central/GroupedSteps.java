package dev.outboxsync.central;

import dev.outboxsync.central.RowChange.Kind;
import dev.outboxsync.event.Operation;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.ForeignKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans few steps for many changes: the lane is cut into stretches, and in each first all inserts are written, parents before
 * children, then all updates, then all deletes, children before parents. Where all of that is accepted, the lane's own order
 * would have been accepted change by change, with the same rows in the end; see decision record 19.
 */
final class GroupedSteps {
    private final List<ForeignKey> keys;
    private final List<String> parentsFirst;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Kind, Step> stretch = new HashMap<>();
    private final Set<Values> deletedRows = new HashSet<>();
    private final Set<String> tablesDeletedFrom = new HashSet<>();
    private final Set<Values> referredTo = new HashSet<>();

    private GroupedSteps(List<RowChange> changes, List<ForeignKey> keys) {
        this.keys = keys;
        this.parentsFirst = ForeignKeys.parentsFirst(
                keys,
                changes.stream().map(change -> change.table().name()).distinct().toList());
    }

    /** What a row, or a reference to it, holds in these columns of a table. */
    private record Values(String table, List<String> columns, List<@Nullable String> texts) {}

    /** @param changes in the lane's order */
    static List<Step> of(List<RowChange> changes, List<ForeignKey> keys) {
        var plan = new GroupedSteps(changes, keys);
        changes.forEach(plan::add);
        plan.endStretch();
        return plan.steps;
    }

    private void add(RowChange change) {
        if (!mayJoin(change)) {
            endStretch();
        }
        stretch.computeIfAbsent(change.kind(), kind -> Step.forChangesLike(change))
                .add(change);
        if (change.statement() == Operation.DELETE) {
            deletedRows.add(row(change));
            tablesDeletedFrom.add(change.table().name());
        } else {
            referencesOf(change)
                    .forEach(key -> referredTo.add(values(key.parent(), key.referred(), key.columns(), change)));
        }
    }

    /** Whether the stretch with this change, written in its order, tells what the lane's order tells. */
    private boolean mayJoin(RowChange change) {
        Step step = stretch.get(change.kind());
        boolean isMadeAgain = change.statement() == Operation.INSERT
                && tablesDeletedFrom.contains(change.table().name())
                && deletedRows.contains(row(change));
        return (step == null || step.serves(change))
                && !isMadeAgain
                && referencesOf(change).noneMatch(key -> comesTooLate(key, change))
                && keys.stream().noneMatch(key -> bringsTooLate(key, change));
    }

    private Stream<ForeignKey> referencesOf(RowChange change) {
        return keys.stream().filter(key -> key.child().equals(change.table().name()));
    }

    /** Whether a parent was deleted before it: the lane's order may refuse that delete, or this change. */
    private boolean comesTooLate(ForeignKey key, RowChange change) {
        boolean sameStep = key.child().equals(key.parent()) && change.statement() == Operation.DELETE;
        return !sameStep && tablesDeletedFrom.contains(key.parent());
    }

    /** Whether an earlier change refers to what this one brings: in the lane's order it is refused. */
    private boolean bringsTooLate(ForeignKey key, RowChange change) {
        return key.parent().equals(change.table().name())
                && change.statement() != Operation.DELETE
                && (change.statement() == Operation.INSERT
                        || !isPrimary(key, change.table().key()))
                && referredTo.contains(values(key.parent(), key.referred(), key.referred(), change));
    }

    private static boolean isPrimary(ForeignKey key, List<Column> primary) {
        return key.referred().equals(primary.stream().map(Column::name).toList());
    }

    private static Values values(String table, List<String> names, List<String> columns, RowChange change) {
        var texts = new ArrayList<@Nullable String>(columns.size());
        for (String column : columns) {
            texts.add(change.row().columns().get(column));
        }
        return new Values(table, names, texts);
    }

    private static Values row(RowChange change) {
        List<String> columns = change.table().key().stream().map(Column::name).toList();
        return values(change.table().name(), columns, columns, change);
    }

    private void endStretch() {
        parentsFirst.forEach(table -> addStep(Operation.INSERT, table));
        parentsFirst.forEach(table -> addStep(Operation.UPDATE, table));
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            addStep(Operation.DELETE, parentsFirst.get(i));
        }
        stretch.clear();
        deletedRows.clear();
        tablesDeletedFrom.clear();
        referredTo.clear();
    }

    private void addStep(Operation statement, String table) {
        Step step = stretch.get(new Kind(statement, table));
        if (step != null) {
            steps.add(step);
        }
    }
}
