package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Site;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table sync_site: one row per site, whose lock is the lane; and sync_acknowledgement, what each was given. */
final class CentralSites {
    // by primary key; the lock is held until the end of the transaction
    private static final String LOCK = """
            SELECT epoch, acknowledgement_number, acknowledgement_mark, told, last_sequence, last_captured_at
            FROM sync_site
            WHERE site = :site
            FOR UPDATE
            """;
    private static final String MAKE = """
            INSERT INTO sync_site (site, epoch, acknowledgement_number, acknowledgement_mark, told, last_sequence,
                                   last_captured_at)
            VALUES (:site, :epoch, :number, :mark, :told, :last, :captured)
            """;
    private static final String SAVE = """
            UPDATE sync_site
            SET epoch = :epoch, acknowledgement_number = :number, acknowledgement_mark = :mark, told = :told,
                last_sequence = :last, last_captured_at = :captured
            WHERE site = :site
            """;
    // our own table, with one key: what gives way is this site's entry of this number, never another row
    private static final String KEEP = """
            REPLACE INTO sync_acknowledgement (site, number, mark)
            VALUES (:site, :number, :mark)
            """;
    private static final String GAVE = """
            SELECT EXISTS (
              SELECT 1 FROM sync_acknowledgement WHERE site = :site AND number = :number AND mark = :mark)
            """;
    // by primary key, from its site's first entry on
    private static final String FORGET = """
            DELETE FROM sync_acknowledgement
            WHERE site = :site AND number < :number
            """;

    private final JdbcClient jdbc;

    CentralSites(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the site's row, which is made when it is missing.
     *
     * @throws UnexpectedStateException when somebody else made it meanwhile
     */
    SiteState lock(Site site) {
        return find(site).orElseGet(() -> make(SiteState.unknown(site)));
    }

    void save(SiteState state) {
        write(SAVE, state);
    }

    private Optional<SiteState> find(Site site) {
        return jdbc.sql(LOCK)
                .param("site", site.name())
                .query((row, number) -> state(site, row))
                .optional();
    }

    private static SiteState state(Site site, ResultSet row) throws SQLException {
        LocalDateTime captured = row.getObject("last_captured_at", LocalDateTime.class);
        LastReceived last = captured == null
                ? null
                : new LastReceived(row.getLong("last_sequence"), captured.toInstant(ZoneOffset.UTC));
        return new SiteState(
                site,
                row.getInt("epoch"),
                new AcknowledgementId(row.getLong("acknowledgement_number"), row.getString("acknowledgement_mark")),
                row.getLong("told"),
                last);
    }

    private SiteState make(SiteState state) {
        try {
            write(MAKE, state);
            return state;
        } catch (DuplicateKeyException e) {
            throw new UnexpectedStateException("somebody else made the site's row meanwhile", e);
        }
    }

    void keep(Site site, AcknowledgementId given) {
        named(KEEP, site, given).update();
    }

    boolean gave(Site site, AcknowledgementId seen) {
        return named(GAVE, site, seen).query(Boolean.class).single();
    }

    private JdbcClient.StatementSpec named(String statement, Site site, AcknowledgementId id) {
        return jdbc.sql(statement)
                .param("site", site.name())
                .param("number", id.number())
                .param("mark", id.mark());
    }

    void forgetAcknowledgementsBefore(Site site, long number) {
        jdbc.sql(FORGET).param("site", site.name()).param("number", number).update();
    }

    private void write(String statement, SiteState state) {
        LastReceived last = state.last();
        jdbc.sql(statement)
                .param("site", state.site().name())
                .param("epoch", state.epoch())
                .param("number", state.given().number())
                .param("mark", state.given().mark())
                .param("told", state.told())
                .param("last", last == null ? null : last.sequence())
                .param("captured", last == null ? null : LocalDateTime.ofInstant(last.capturedAt(), ZoneOffset.UTC))
                .update();
    }
}
