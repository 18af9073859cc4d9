package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.SequenceRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** How an epoch begins in the site's database. See decision record 0017. */
final class Epochs {
    // What DB_A lost stays for a person to decide on, also when DB_B goes back before that is requested.
    private static final String BEGIN = """
            UPDATE sync_site
            SET epoch = :next, acknowledgement_number = :number, acknowledgement_mark = :mark,
                resync_due = IF(resync_due = 'ROWS', resync_due, :due)
            WHERE id = 1 AND epoch = :expected
            """;
    // Index by_status for the PENDING ones, by_record for what came later.
    static final String READ_OVERTAKEN = "SELECT q.id FROM sync_queue q FORCE INDEX (by_status)"
            + " WHERE q.sync_status = 'PENDING' AND (q.operation = 'SWEEP' OR " + Overtaken.CONDITION + ")";
    private static final String GIVE_UP = """
            UPDATE sync_queue FORCE INDEX (PRIMARY)
            SET sync_status = 'FAILED', last_error = '%s'
            WHERE id BETWEEN :first AND :last AND sync_status = 'PENDING'
            """.formatted(Overtaken.REASON);

    private final NamedParameterJdbcTemplate jdbc;
    private final SettledTotals totals;

    Epochs(NamedParameterJdbcTemplate jdbc, SettledTotals totals) {
        this.jdbc = jdbc;
        this.totals = totals;
    }

    /** See {@link SyncQueue#beginEpoch}; within the caller's transaction. */
    boolean begin(int expected, int next, AcknowledgementId seen, ResyncDue due) {
        var parameters = new MapSqlParameterSource("expected", expected)
                .addValue("next", next)
                .addValue("number", seen.number())
                .addValue("mark", seen.mark())
                .addValue("due", due.name());
        if (jdbc.update(BEGIN, parameters) != 1) {
            return false;
        }
        totals.addFailed(giveUpOvertaken());
        return true;
    }

    private long giveUpOvertaken() {
        List<Long> overtaken = jdbc.queryForList(READ_OVERTAKEN, Map.of(), Long.class);
        var runs = SequenceRange.runsOf(new TreeSet<>(overtaken)).stream()
                .map(run -> JdbcSyncQueue.range(run.first(), run.last()))
                .toArray(SqlParameterSource[]::new);
        return runs.length == 0
                ? 0
                : Arrays.stream(jdbc.batchUpdate(GIVE_UP, runs)).sum();
    }
}
