package dev.outboxsync.central;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.Identifiers;
import dev.outboxsync.mysql.Migration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Prepares the central database where an admin is given, and finds out whether the centre can work on it. */
@Component
final class CentralSchema {
    private static final Logger LOG = LoggerFactory.getLogger(CentralSchema.class);
    private static final String ROLE = "outbox_sync_centre";
    private static final String READ_TABLES = """
            SELECT table_name
            FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_name IN (:tables)
            ORDER BY table_name
            """;
    private static final String READ_SQL_MODE = "SELECT @@SESSION.sql_mode";
    private static final String READ_COLLATIONS = """
            SELECT CONCAT(table_name, '.', column_name, ' ', collation_name)
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name IN (:tables) AND collation_name NOT LIKE 'utf8mb4\\_0900\\_%'
            ORDER BY table_name, ordinal_position
            """;
    private static final List<String> OWN_TABLES =
            List.of("sync_site", "sync_acknowledgement", "sync_version", "sync_quarantine");

    private final HikariDataSource database;
    private final CentralProperties properties;
    /** What was told since this service started: it is looked at again with each attempt to start. */
    private final Set<String> told = new HashSet<>();

    CentralSchema(HikariDataSource database, CentralProperties properties) {
        this.database = database;
        this.properties = properties;
    }

    /**
     * Migrates and grants as the admin, if one is given, then checks what the service's own user finds.
     *
     * @throws RuntimeException when the database is not there or not as it must be; says what is missing
     */
    void prepare() {
        if (!properties.adminUser().isEmpty()) {
            try (AdminDatabase admin =
                    AdminDatabase.open(database, properties.adminUser(), properties.adminPassword())) {
                Migration.run(admin, "central");
                grant(admin.jdbc());
            }
        }
        check(JdbcClient.create(database));
    }

    /** Where a table of SYNC_TABLES was missing and an admin is given: has the service's user granted it if it is there now. */
    void grantNewTables() {
        int visible = present(JdbcClient.create(database)).size();
        if (visible < properties.tables().size() && !properties.adminUser().isEmpty()) {
            try (AdminDatabase admin =
                    AdminDatabase.open(database, properties.adminUser(), properties.adminPassword())) {
                if (present(admin.jdbc()).size() > visible) {
                    grant(admin.jdbc());
                    LOG.info("Tables of SYNC_TABLES that were made meanwhile can be written now");
                }
            }
        }
    }

    private void grant(JdbcClient admin) {
        admin.sql("CREATE ROLE IF NOT EXISTS " + ROLE).update();
        for (String table : present(admin)) {
            grant(admin, "SELECT, INSERT, UPDATE, DELETE", table);
        }
        grant(admin, "SELECT, INSERT, UPDATE", "sync_site");
        grant(admin, "SELECT, INSERT, DELETE", "sync_acknowledgement");
        grant(admin, "SELECT, INSERT, UPDATE", "sync_version");
        grant(admin, "SELECT, INSERT, DELETE", "sync_quarantine");
        admin.sql("GRANT EXECUTE ON PROCEDURE sync_triggers TO " + ROLE).update();
    }

    private static void grant(JdbcClient admin, String rights, String table) {
        admin.sql("GRANT " + rights + " ON " + Identifiers.quoted(table) + " TO " + ROLE)
                .update();
    }

    private void check(JdbcClient centre) {
        OWN_TABLES.forEach(table -> requireReadable(centre, table));
        String mode = centre.sql(READ_SQL_MODE).query(String.class).single();
        if (!mode.contains("STRICT_ALL_TABLES")) {
            throw new IllegalStateException("sql_mode must hold STRICT_ALL_TABLES, or values would be cut silently;"
                    + " the connection's sessionVariables say " + mode);
        }
        new CentralTables(properties.tables(), centre)
                .problems().stream()
                        .filter(told::add)
                        .forEach(problem ->
                                LOG.error("Not under sync, its changes are refused until this is mended: {}", problem));
        warnOfCollations(centre);
    }

    /** Texts that are equal at a site must be equal here, or what one side takes the other refuses. */
    private void warnOfCollations(JdbcClient centre) {
        List<String> collations = centre.sql(READ_COLLATIONS)
                .param("tables", properties.tables())
                .query(String.class)
                .list();
        if (!collations.isEmpty() && told.add(collations.toString())) {
            LOG.warn("These columns must have the same collation at every site: {}", collations);
        }
    }

    private static void requireReadable(JdbcClient centre, String table) {
        try {
            centre.sql("SELECT COUNT(*) FROM (SELECT 1 FROM " + table + " LIMIT 1) AS one")
                    .query(Long.class)
                    .single();
        } catch (DataAccessException e) {
            throw new IllegalStateException(
                    "cannot read " + table + ": the database is not there, sql/central is not migrated, or the role "
                            + ROLE + " is not granted to this user. DB_B_ADMIN_USER does all of that at start",
                    e);
        }
    }

    private List<String> present(JdbcClient jdbc) {
        return jdbc.sql(READ_TABLES)
                .param("tables", properties.tables())
                .query(String.class)
                .list();
    }
}
