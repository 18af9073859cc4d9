package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** What the row of {@code sync_site} says of settled changes: how many, and the acknowledgement seen last. */
final class SettledTotals {
    private static final String ADD_FAILED = "UPDATE sync_site SET failed = failed + :failed WHERE id = 1";
    // The mark comes first, for assignments are done from left to right.
    private static final String ADD_SETTLED = """
            UPDATE sync_site
            SET synced = synced + :synced, failed = failed + :failed,
                last_synced_at = IF(:synced > 0, UTC_TIMESTAMP(6), last_synced_at),
                acknowledgement_mark = IF(:number > acknowledgement_number, :mark, acknowledgement_mark),
                acknowledgement_number = GREATEST(acknowledgement_number, :number)
            WHERE id = 1 AND epoch = :epoch
            """;

    private final NamedParameterJdbcTemplate jdbc;

    SettledTotals(NamedParameterJdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds rows that the caller's transaction made FAILED. */
    void addFailed(long failed) {
        jdbc.update(ADD_FAILED, new MapSqlParameterSource("failed", failed));
    }

    /**
     * Adds what the caller's transaction has settled, and keeps the acknowledgement if it is the greatest. No epoch begins
     * before that transaction has ended.
     *
     * @throws ConcurrencyFailureException when the acknowledgement's epoch is over: what it tells may be lost in DB_B
     */
    void addSettled(long synced, long failed, int epoch, AcknowledgementId seen) {
        var parameters = new MapSqlParameterSource("synced", synced)
                .addValue("failed", failed)
                .addValue("epoch", epoch)
                .addValue("number", seen.number())
                .addValue("mark", seen.mark());
        if (jdbc.update(ADD_SETTLED, parameters) != 1) {
            throw new ConcurrencyFailureException("epoch " + epoch + " is over");
        }
    }
}
