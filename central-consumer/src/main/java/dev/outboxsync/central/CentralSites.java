package dev.outboxsync.central;

import dev.outboxsync.event.Site;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table sync_site: one row per site, whose lock is the lane. */
final class CentralSites {
    // by primary key; the lock is held until the end of the transaction
    private static final String LOCK = """
            SELECT epoch, acknowledgement_number
            FROM sync_site
            WHERE site = :site
            FOR UPDATE
            """;
    private static final String MAKE = """
            INSERT INTO sync_site (site, epoch, acknowledgement_number)
            VALUES (:site, :epoch, :number)
            """;
    private static final String SAVE = """
            UPDATE sync_site
            SET epoch = :epoch, acknowledgement_number = :number
            WHERE site = :site
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
                .query((row, number) -> new SiteState(site, row.getInt(1), row.getLong(2)))
                .optional();
    }

    private SiteState make(SiteState state) {
        try {
            write(MAKE, state);
            return state;
        } catch (DuplicateKeyException e) {
            throw new UnexpectedStateException("somebody else made the site's row meanwhile", e);
        }
    }

    private void write(String statement, SiteState state) {
        jdbc.sql(statement)
                .param("site", state.site().name())
                .param("epoch", state.epoch())
                .param("number", state.number())
                .update();
    }
}
