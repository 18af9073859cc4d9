package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that exchanged the values of a unique key: each is refused for what the other one still is here, and only all of
 * them together are accepted. At the site there was a step between; it is missing where DB_B was restored, or where the
 * centre refused it (decision 28).
 */
final class Exchange {
    /** Each row that does not belong to it costs a new attempt. */
    private static final int MOST_ROWS = 100;

    private final CentralTransaction centre;
    private final Decisions decisions;
    private final Map<RecordKey, Collision> collisions = new LinkedHashMap<>();

    Exchange(CentralTransaction centre, Decisions decisions) {
        this.centre = centre;
        this.decisions = decisions;
    }

    /** A change that was refused because another record has its value of a unique key. */
    record Collision(ChangeEvent event, Decision.Apply decision) {
        private String table() {
            return event.table();
        }
    }

    /** Takes note of a change that was refused so; of a record's, the last one counts. */
    void refused(ChangeEvent event, Decision.Apply decision) {
        collisions.put(RecordKey.of(event), new Collision(event, decision));
    }

    /** Writes, table by table, those that are accepted together, and answers which. */
    List<Collision> end() {
        var written = new ArrayList<Collision>();
        collisions.values().stream()
                .map(Collision::table)
                .distinct()
                .forEach(table -> written.addAll(writeTogether(candidates(table))));
        written.forEach(collision -> decisions.remember(collision.event()));
        return written;
    }

    private List<Collision> candidates(String table) {
        return new ArrayList<>(collisions.values().stream()
                .filter(collision -> collision.table().equals(table))
                .filter(collision -> decisions.decide(collision.event()) instanceof Decision.Apply)
                .filter(collision -> mayBeRewritten(collision.decision().change()))
                .limit(MOST_ROWS)
                .toList());
    }

    private List<Collision> writeTogether(List<Collision> candidates) {
        while (candidates.size() > 1) {
            Optional<RowChange> refused = centre.rewrite(
                    candidates.stream().map(one -> one.decision().change()).toList());
            if (refused.isEmpty()) {
                return candidates;
            }
            candidates.removeIf(one -> one.decision().change().equals(refused.get()));
        }
        return List.of();
    }

    /** Whether nothing is lost when the row is deleted and inserted again. */
    private boolean mayBeRewritten(RowChange change) {
        TableShape table = change.table();
        List<String> key = table.key().stream().map(Column::name).toList();
        return table.columns().stream()
                        .allMatch(column ->
                                column.generated() || change.row().columns().containsKey(column.name()))
                && centre.foreignKeys().stream()
                        .allMatch(foreign -> !foreign.parent().equals(table.name())
                                || foreign.referred().equals(key));
    }
}
