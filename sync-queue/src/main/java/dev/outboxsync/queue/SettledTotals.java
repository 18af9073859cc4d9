package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** What the row of {@code sync_site} says of settled changes: how many, and the acknowledgement seen last. */
final class SettledTotals {
    // The mark comes first, for assignments are done from left to right.
    private static final String ADD_TOTALS = """
            UPDATE sync_site
            SET synced = synced + :synced, failed = failed + :failed,
                last_synced_at = IF(:synced > 0, UTC_TIMESTAMP(6), last_synced_at),
                acknowledgement_mark = IF(epoch = :epoch AND :number > acknowledgement_number, :mark, acknowledgement_mark),
                acknowledgement_number = IF(epoch = :epoch, GREATEST(acknowledgement_number, :number), acknowledgement_number)
            WHERE id = 1
            """;

    private final NamedParameterJdbcTemplate jdbc;

    SettledTotals(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds what the caller's transaction has changed, and keeps the acknowledgement if it is the greatest of its epoch. */
    void add(long synced, long failed, int epoch, AcknowledgementId seen) {
        jdbc.update(
                ADD_TOTALS,
                new MapSqlParameterSource("synced", synced)
                        .addValue("failed", failed)
                        .addValue("epoch", epoch)
                        .addValue("number", seen.number())
                        .addValue("mark", seen.mark()));
    }
}
