package dev.outboxsync.local.start;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.Migration;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.CaptureReport;
import dev.outboxsync.queue.CaptureTriggers;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.Resyncs;
import dev.outboxsync.queue.SiteGrants;
import dev.outboxsync.steering.StartRefused;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;

/** DB_A as this service needs it: how it is made so, and whether it is so. */
@Component
public class SiteDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(SiteDatabase.class);
    private static final String READ_COLLATION = "SELECT @@collation_database";
    private static final String HAS_ROWS = "SELECT EXISTS (SELECT 1 FROM %s)";
    private static final String COLLATIONS = "utf8mb4_0900";
    private static final String CURE = "start local-api once with DB_A_ADMIN_USER and DB_A_ADMIN_PASSWORD set";

    private final LocalApiProperties properties;
    private final HikariDataSource dataSource;
    private final JdbcClient jdbc;
    private volatile boolean prepared;
    private volatile boolean lookedAt;
    private volatile CaptureReport seen = CaptureReport.NONE;

    SiteDatabase(LocalApiProperties properties, HikariDataSource dataSource, JdbcClient jdbc) {
        this.properties = properties;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /** Whether somebody is configured who may change the schema. */
    public boolean hasAdmin() {
        return !properties.adminUser().isEmpty();
    }

    /** The database as its admin; to be closed soon. */
    public AdminDatabase admin() {
        return AdminDatabase.open(dataSource, properties.adminUser(), properties.adminPassword());
    }

    /** Whether the database was made ready, by this service or before it. */
    public boolean isPrepared() {
        return prepared;
    }

    /** Whether the tables were looked at since this service started. */
    public boolean isLookedAt() {
        return lookedAt;
    }

    /** How the tables stood when they were last looked at. */
    public CaptureReport captured() {
        return seen;
    }

    /** The tables under capture, as they were when last looked at. */
    public List<String> capturedTables() {
        return captured(seen);
    }

    private List<String> captured(CaptureReport report) {
        return properties.syncTables().stream()
                .filter(table -> !report.problems().containsKey(table))
                .toList();
    }

    /**
     * Brings the database to this version's state, if an admin is configured; else leaves it to a person. Safe to repeat.
     *
     * @throws StartRefused if the database is not for this site
     */
    void prepare() {
        if (hasAdmin()) {
            try (AdminDatabase admin = admin()) {
                JdbcClient asAdmin = admin.jdbc();
                demandCollation(asAdmin);
                Migration.run(admin, "local");
                var site = new JdbcSiteState(asAdmin);
                site.register(properties.site(), properties.number());
                demandOurs(site);
                capture(admin);
            }
        }
        prepared = true;
    }

    /**
     * Makes the triggers anew where tables have changed, and has those tables queued again some of whose changes were not
     * captured. Safe to repeat, and from several threads.
     */
    public synchronized CaptureReport capture() {
        try (AdminDatabase admin = admin()) {
            capture(admin);
        }
        return seen;
    }

    private void capture(AdminDatabase admin) {
        var resyncs = new Resyncs(admin.jdbc(), new Transactions(new JdbcTransactionManager(admin.dataSource())));
        CaptureReport made = CaptureTriggers.install(
                admin,
                properties.number(),
                properties.syncTables(),
                missed -> resyncs.plan(missed.stream()
                        .filter(table -> hasRows(admin.jdbc(), table))
                        .toList()));
        List<String> captured = captured(made);
        properties.number().begin(admin, captured);
        SiteGrants.grant(admin.jdbc(), captured);
        int begun = resyncs.beginPlanned(captured);
        if (begun > 0) {
            LOG.info("The rows that {} tables hold already are queued", begun);
        }
        remember(new CaptureReport(List.of(), List.of(), made.refused(), made.failed()));
    }

    private static boolean hasRows(JdbcClient jdbc, String table) {
        try {
            return jdbc.sql(HAS_ROWS.formatted(Identifiers.quoted(table)))
                    .query(Boolean.class)
                    .single();
        } catch (DataAccessException unknown) {
            return true;
        }
    }

    /**
     * Looks at the database as the service's own user. Where an admin is configured and a table has changed, its triggers
     * are made anew; one that somebody removed is told of and left to a person, for changes have passed it.
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
        CaptureReport now = CaptureTriggers.look(jdbc, properties.number(), properties.syncTables());
        // the service's own user does not see the tables that it may not use: what the admin has found stands
        Map<String, String> failed = seen.failed();
        remember(hasAdmin() ? new CaptureReport(now.uncaptured(), now.outdated(), seen.refused(), failed) : now);
        if (!failed.isEmpty()) {
            capture();
            if (!seen.failed().isEmpty()) {
                throw new NotReady(String.join(" ", seen.failed().values()));
            }
            return;
        }
        if (hasAdmin() && !now.refused().keySet().equals(seen.refused().keySet())) {
            LOG.info("The tables that can be captured are others than before: their triggers are made");
            capture();
            return;
        }
        if (!now.uncaptured().isEmpty()) {
            throw new NotReady("Changes of " + String.join(", ", now.uncaptured())
                    + " are not captured, for a trigger is missing: POST /sync/capture, or " + CURE);
        }
        if (hasAdmin() && !now.outdated().isEmpty()) {
            LOG.info("{} are not what they were: their triggers are made anew", now.outdated());
            capture();
        } else if (!now.outdated().isEmpty()) {
            throw new NotReady("Changes of " + String.join(", ", now.outdated())
                    + " are not captured as the tables are now: " + CURE);
        }
    }

    private void remember(CaptureReport report) {
        if (!report.problems().equals(seen.problems())) {
            report.problems().values().forEach(sentence -> LOG.error("Not under sync: {}", sentence));
        }
        seen = report;
        lookedAt = true;
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
