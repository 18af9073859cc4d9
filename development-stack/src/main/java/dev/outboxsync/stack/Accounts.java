package dev.outboxsync.stack;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The databases, roles and users that the services expect to find. Tables and what the roles may do with them are the
 * services' own matter: a grant on a table that does not exist yet is an error.
 */
final class Accounts {
    static final String SCHEMA_A = "local_db";
    static final String SCHEMA_B = "central_db";
    static final String ADMIN = "outbox_admin";
    static final String API_USER = "outbox_api";
    static final String RELAY_USER = "outbox_relay";
    static final String CAMPAIGNS_USER = "outbox_campaigns";
    static final String CENTRE_USER = "outbox_centre";

    private static final String API_ROLE = "outbox_sync_api";
    private static final String RELAY_ROLE = "outbox_sync_relay";
    private static final String CAMPAIGNS_ROLE = "outbox_sync_campaigns";
    private static final String CENTRE_ROLE = "outbox_sync_centre";

    private static final String CREATE_SCHEMA = "CREATE DATABASE IF NOT EXISTS %s";
    private static final String CREATE_ROLE = "CREATE ROLE IF NOT EXISTS %s";
    private static final String CREATE_USER = "CREATE USER IF NOT EXISTS %s IDENTIFIED BY '%s'";
    private static final String LET_ADMIN_OWN_SCHEMA = "GRANT ALL ON %s.* TO %s WITH GRANT OPTION";
    private static final String LET_ADMIN_CREATE_ROLES = "GRANT CREATE ROLE ON *.* TO %s";
    private static final String GIVE_ROLE = "GRANT %s TO %s";
    private static final String ACTIVATE_ROLE = "SET DEFAULT ROLE %s TO %s";

    private final Database server;
    private final String schema;

    private Accounts(Database server, String schema) {
        this.server = server;
        this.schema = schema;
    }

    /** Those of DB_A, made by the server's root. What is there already stays as it is. */
    static void createAtSite(Database root, StackSite site, Secrets secrets) {
        Accounts accounts = new Accounts(root, SCHEMA_A);
        accounts.createSchemaOwnedBy(ADMIN, secrets.of("DB_A_ADMIN_PASSWORD" + site.secrets()));
        accounts.createUser(API_USER, secrets.of("API_DB_A_PASSWORD" + site.secrets()), API_ROLE);
        accounts.createUser(RELAY_USER, secrets.of("RELAY_DB_A_PASSWORD" + site.secrets()), RELAY_ROLE);
        accounts.createUser(CAMPAIGNS_USER, secrets.of("CAMPAIGNS_DB_A_PASSWORD" + site.secrets()), CAMPAIGNS_ROLE);
    }

    /** Those of DB_B, likewise. */
    static void createAtCentre(Database root, Secrets secrets) {
        Accounts accounts = new Accounts(root, SCHEMA_B);
        accounts.createSchemaOwnedBy(ADMIN, secrets.of("DB_B_ADMIN_PASSWORD"));
        accounts.createUser(CENTRE_USER, secrets.of("DB_B_PASSWORD"), CENTRE_ROLE);
    }

    /** The owner migrates, makes triggers, and grants; to name a role in a migration it may also create it. */
    private void createSchemaOwnedBy(String admin, String password) {
        execute(
                CREATE_SCHEMA.formatted(schema),
                CREATE_USER.formatted(admin, password),
                LET_ADMIN_OWN_SCHEMA.formatted(schema, admin),
                LET_ADMIN_CREATE_ROLES.formatted(admin));
    }

    /** A service's user may do what its role may, and nothing without it. */
    private void createUser(String user, String password, String role) {
        execute(
                CREATE_ROLE.formatted(role),
                CREATE_USER.formatted(user, password),
                GIVE_ROLE.formatted(role, user),
                ACTIVATE_ROLE.formatted(role, user));
    }

    /** Names are ours and passwords generated, without a character to quote: statements about accounts take no "?". */
    private void execute(String... statements) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new StackProblem("The accounts of " + schema + " cannot be made.", e);
        }
    }
}
