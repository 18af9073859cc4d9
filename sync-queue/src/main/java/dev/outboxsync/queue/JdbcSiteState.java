package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Site;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The site's own row, table {@code sync_site}. Safe for use by many threads. */
public final class JdbcSiteState implements SiteState {
    private static final String REGISTER = """
            INSERT INTO sync_site (id, site)
            SELECT 1, :site FROM DUAL
            WHERE NOT EXISTS (SELECT 1 FROM sync_site)
            """;
    private static final String NUMBER = "UPDATE sync_site SET number = :number WHERE id = 1 AND site = :site";
    private static final String READ_SITE = "SELECT site FROM sync_site WHERE id = 1";
    private static final String READ_EPOCH = "SELECT epoch FROM sync_site WHERE id = 1";
    private static final String READ_STANDING = """
            SELECT epoch, acknowledgement_number, acknowledgement_mark
            FROM sync_site
            WHERE id = 1
            """;
    private static final String READ_DUE = "SELECT resync_due FROM sync_site WHERE id = 1";
    private static final String LOCK_DUE = READ_DUE + " FOR UPDATE";
    private static final String TAKE_DUE = "UPDATE sync_site SET resync_due = NULL WHERE id = 1";
    private static final String READ_ONLINE = "SELECT online FROM sync_site WHERE id = 1";
    private static final String SWITCH = "UPDATE sync_site SET online = :online WHERE id = 1";
    private static final String CONFIGURE = """
            UPDATE sync_site
            SET online = :online, configured_online = :online
            WHERE id = 1 AND (configured_online IS NULL OR configured_online <> :online)
            """;

    private final JdbcClient jdbc;

    public JdbcSiteState(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Gives a database without a site this one, and takes note of its number; needs the admin. A database that has a
     * site keeps it.
     */
    public void register(Site site, SiteNumber number) {
        jdbc.sql(REGISTER).param("site", site.name()).update();
        jdbc.sql(NUMBER)
                .param("number", number.value())
                .param("site", site.name())
                .update();
    }

    @Override
    public Site site() {
        return new Site(jdbc.sql(READ_SITE).query(String.class).single());
    }

    @Override
    public int epoch() {
        return jdbc.sql(READ_EPOCH).query(Integer.class).single();
    }

    @Override
    public SiteStanding standing() {
        return jdbc.sql(READ_STANDING)
                .query((row, number) ->
                        new SiteStanding(row.getInt(1), new AcknowledgementId(row.getLong(2), row.getString(3))))
                .single();
    }

    /** What is to be sent again since an epoch began, once; to be taken down in the same transaction. Needs the admin. */
    Optional<ResyncDue> takeResyncDue() {
        Optional<ResyncDue> due = due(LOCK_DUE);
        if (due.isPresent()) {
            jdbc.sql(TAKE_DUE).update();
        }
        return due;
    }

    /** Whether DB_A went back, and nobody has taken that down yet. */
    boolean wentBack() {
        return due(READ_DUE).equals(Optional.of(ResyncDue.ROWS));
    }

    private Optional<ResyncDue> due(String query) {
        return jdbc.sql(query).query(String.class).optional().map(ResyncDue::valueOf);
    }

    @Override
    public boolean online() {
        return jdbc.sql(READ_ONLINE).query(Boolean.class).single();
    }

    /** Turns the switch. */
    public void turn(boolean online) {
        jdbc.sql(SWITCH).param("online", online).update();
    }

    /** Turns the switch if the configuration says another thing than at the last start. */
    public void configure(boolean online) {
        jdbc.sql(CONFIGURE).param("online", online).update();
    }
}
