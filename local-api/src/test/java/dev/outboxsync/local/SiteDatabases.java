package dev.outboxsync.local;

import dev.outboxsync.queue.SiteGrants;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.MySqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Empty databases of sites, each with a user for the service who holds the API's role and nothing else. */
final class SiteDatabases {
    private SiteDatabases() {}

    /** A database and the two who use it. */
    record SiteDatabase(Database admin, Database service) {
        /** SQL at a prompt. */
        JdbcClient sql() {
            return JdbcClient.create(new DriverManagerDataSource(admin.url(), admin.user(), admin.password()));
        }

        long count(String table) {
            return sql().sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
        }
    }

    static SiteDatabase fresh(MySqlServer server) {
        Database admin = server.freshDatabase();
        String user = "api_" + UUID.randomUUID().toString().substring(0, 8);
        String password = UUID.randomUUID().toString();
        try (Connection connection = admin.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE IF NOT EXISTS " + SiteGrants.API);
            statement.execute(
                    "CREATE USER " + user + " IDENTIFIED BY '" + password + "' DEFAULT ROLE " + SiteGrants.API);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new SiteDatabase(admin, new Database(admin.url(), user, password));
    }
}
