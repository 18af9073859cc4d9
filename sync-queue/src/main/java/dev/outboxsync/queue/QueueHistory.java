package dev.outboxsync.queue;

import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.SequenceRange;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** What table {@code sync_queue} knows of the past, by which the answer to a HELLO is judged. */
final class QueueHistory {
    // By primary key, and index by_sequence of the receipts: of a row that was purged there is one.
    // A low id alone proves nothing: its writer may not have committed yet.
    private static final String HOLDS = """
            SELECT COALESCE(
                (SELECT last_updated_at = :captured FROM sync_queue WHERE id = :id),
                (SELECT last_sequence >= :id FROM sync_receipt WHERE first_sequence <= :id
                 ORDER BY first_sequence DESC, id DESC LIMIT 1),
                FALSE)
            """;
    // Index by_status for the PENDING ones, by_record for what came later.
    static final String READ_OVERTAKEN = "SELECT q.id FROM sync_queue q FORCE INDEX (by_status)"
            + " WHERE q.sync_status = 'PENDING' AND " + Overtaken.CONDITION;
    private static final String GIVE_UP = """
            UPDATE sync_queue FORCE INDEX (PRIMARY)
            SET sync_status = 'FAILED', last_error = 'OVERTAKEN'
            WHERE id BETWEEN :first AND :last AND sync_status = 'PENDING'
            """;

    private final NamedParameterJdbcTemplate jdbc;

    QueueHistory(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the queue holds this change, or held it before old rows were purged. */
    boolean holds(LastReceived change) {
        var parameters = new MapSqlParameterSource("id", change.sequence())
                .addValue("captured", LocalDateTime.ofInstant(change.capturedAt(), ZoneOffset.UTC));
        return Boolean.TRUE.equals(jdbc.queryForObject(HOLDS, parameters, Boolean.class));
    }

    /**
     * Makes PENDING rows FAILED that a later SYNCED change of their record has overtaken. Within the caller's transaction.
     *
     * @return how many
     */
    long giveUpOvertaken() {
        List<Long> overtaken = jdbc.queryForList(READ_OVERTAKEN, Map.of(), Long.class);
        var runs = SequenceRange.runsOf(new TreeSet<>(overtaken)).stream()
                .map(run -> JdbcSyncQueue.range(run.first(), run.last()))
                .toArray(SqlParameterSource[]::new);
        return runs.length == 0
                ? 0
                : Arrays.stream(jdbc.batchUpdate(GIVE_UP, runs)).sum();
    }
}
