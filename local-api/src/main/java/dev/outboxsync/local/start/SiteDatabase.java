package dev.outboxsync.local.start;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.queue.CaptureTriggers;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.SiteGrants;
import dev.outboxsync.steering.StartRefused;
import java.util.List;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** DB_A as this service needs it: how it is made so, and whether it is so. */
@Component
class SiteDatabase {
    private static final String READ_COLLATION = "SELECT @@collation_database";
    private static final String COLLATIONS = "utf8mb4_0900";
    private static final String CURE = "start local-api once with DB_A_ADMIN_USER and DB_A_ADMIN_PASSWORD set";

    private final LocalApiProperties properties;
    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;

    SiteDatabase(LocalApiProperties properties, HikariDataSource dataSource, JdbcClient jdbc) {
        this.properties = properties;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /**
     * Brings the database to this version's state, if an admin is configured; else leaves it to a person. Safe to repeat.
     *
     * @throws StartRefused if the database is not for this site
     * @throws dev.outboxsync.queue.UncapturableTableException if no trigger can capture a table
     */
    void prepare() {
        if (properties.adminUser().isEmpty()) {
            return;
        }
        try (var admin = AdminDatabase.open(dataSource, properties.adminUser(), properties.adminPassword())) {
            JdbcClient asAdmin = admin.jdbc();
            demandCollation(asAdmin);
            Migration.run(admin, "local");
            var site = new JdbcSiteState(asAdmin);
            site.register(properties.site());
            demandOurs(site);
            CaptureTriggers.install(admin, properties.syncTables());
            SiteGrants.grant(asAdmin, properties.syncTables());
        }
    }

    /**
     * Looks at the database as the service's own user.
     *
     * @throws StartRefused if the database is not for this site
     * @throws NotReady if it is not, or no longer, as it must be
     * @throws org.springframework.dao.DataAccessException on an outage, and where a table or a right is missing
     */
    void check() {
        demandCollation(jdbc);
        try {
            demandOurs(new JdbcSiteState(jdbc));
        } catch (EmptyResultDataAccessException nobodysYet) {
            throw new NotReady("DB_A belongs to no site yet: " + CURE);
        }
        List<String> uncaptured = CaptureTriggers.uncaptured(jdbc, properties.syncTables());
        if (!uncaptured.isEmpty()) {
            throw new NotReady("Changes of " + String.join(", ", uncaptured) + " are not captured: " + CURE);
        }
    }

    private void demandOurs(JdbcSiteState state) {
        if (!state.site().equals(properties.site())) {
            throw new StartRefused(
                    "DB_A belongs to the site " + state.site() + ", and SITE_ID is " + properties.site() + ".",
                    "Set SITE_ID to the database's site, or DB_A_URL to this site's database.");
        }
    }

    /** Under another collation other texts are equal, and what one side takes the other refuses. */
    private static void demandCollation(JdbcClient jdbc) {
        String collation = jdbc.sql(READ_COLLATION).query(String.class).single();
        if (!collation.startsWith(COLLATIONS)) {
            throw new StartRefused(
                    "DB_A's collation is " + collation + ", and DB_B's is one of " + COLLATIONS + ".",
                    "Before any table is made, run: ALTER DATABASE ... COLLATE utf8mb4_0900_ai_ci");
        }
    }

    /** The database is not as it must be; a person may mend it while the service waits. */
    static final class NotReady extends RuntimeException {
        NotReady(String reasonAndCure) {
            super(reasonAndCure);
        }
    }
}
