package dev.outboxsync.queue;

import dev.outboxsync.event.HelloAnswer.LastReceived;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

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
}
