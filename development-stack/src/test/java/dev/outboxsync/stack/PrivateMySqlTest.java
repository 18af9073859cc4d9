package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server-dependent")
class PrivateMySqlTest {
    private static final String WITHOUT_PASSWORD = "SELECT COUNT(*) FROM mysql.user WHERE authentication_string = ''";

    @TempDir
    Path folder;

    @Test
    void a_committed_row_survives_kill_9_and_a_start_on_the_same_port() throws SQLException {
        try (PrivateMySql mySql = new PrivateMySql(place(0), Passwords.generate())) {
            mySql.start();
            Database shop = mySql.database("shop");
            execute(shop, "CREATE TABLE things (id INT PRIMARY KEY)", "INSERT INTO things VALUES (7)");

            mySql.kill9();
            assertThatThrownBy(shop::connect).isInstanceOf(SQLException.class);
            mySql.start();

            assertThat(one(shop, "SELECT id FROM things")).isEqualTo("7");
        }
    }

    @Test
    void the_server_flushes_every_commit_and_speaks_utc_and_utf8() throws SQLException {
        Database fresh = TestParts.mySql().freshDatabase();

        assertThat(one(fresh, """
                SELECT CONCAT_WS(' ', @@version, @@sync_binlog, @@innodb_flush_log_at_trx_commit, @@log_bin,
                    @@log_bin_trust_function_creators, @@transaction_isolation, @@global.time_zone,
                    @@collation_database, @@gtid_mode)
                """)).isEqualTo("8.0.33 1 1 1 1 READ-COMMITTED +00:00 utf8mb4_0900_ai_ci ON");
    }

    @Test
    void fresh_databases_do_not_see_each_other() throws SQLException {
        Database one = TestParts.mySql().freshDatabase();
        Database other = TestParts.mySql().freshDatabase();

        execute(one, "CREATE TABLE things (id INT PRIMARY KEY)");

        assertThat(one(one, "SHOW TABLES")).isEqualTo("things");
        assertThat(one(other, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"))
                .isEqualTo("0");
    }

    @Test
    void an_interrupted_first_start_is_begun_anew() throws IOException, SQLException {
        Place place = place(0);
        Path unfinished = place.data().resolveSibling("data.unfinished");
        Folders.create(unfinished);
        Files.writeString(unfinished.resolve("ibdata1"), "half of it");

        try (PrivateMySql mySql = new PrivateMySql(place, Passwords.generate())) {
            mySql.start();

            assertThat(one(mySql.database("shop"), "SELECT 1")).isEqualTo("1");
        }
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("unfinished"));
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".sql"));
    }

    @Test
    void a_server_killed_before_it_has_its_accounts_makes_them_at_the_next_start() throws IOException, SQLException {
        Place place = place(0);
        try (PrivateMySql mySql = new PrivateMySql(place, Passwords.generate())) {
            mySql.begin();
            mySql.kill9();
            assertThat(place.data()).isDirectory();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(accounts())))
                    .isEqualTo("rw-------");

            mySql.start();

            assertThat(accounts()).doesNotExist();
            assertThat(one(mySql.database("shop"), "SELECT CURRENT_USER()")).isEqualTo("root@127.0.0.1");
        }
    }

    @Test
    void what_a_first_start_has_made_in_part_when_it_was_killed_is_completed() throws IOException, SQLException {
        try (PrivateMySql mySql = new PrivateMySql(place(0), Passwords.generate())) {
            RunningPart first = mySql.begin();
            String statements = Files.readString(accounts());
            mySql.awaitReady(first);
            execute(
                    mySql.root(),
                    "ALTER USER root@localhost IDENTIFIED BY ''",
                    "REVOKE ALL, GRANT OPTION FROM root@'127.0.0.1'");
            mySql.kill9();
            Files.writeString(accounts(), statements);
            Files.delete(folder.resolve("data/server-key.pem"));

            mySql.start();

            assertThat(one(mySql.database("shop"), WITHOUT_PASSWORD)).isEqualTo("0");
        }
    }

    @Test
    void servers_share_neither_identity_nor_password() throws SQLException {
        try (PrivateMySql mySql = new PrivateMySql(place(0), Passwords.generate())) {
            mySql.start();
            Database ours = mySql.root();
            Database shared = TestParts.mySql().database("mysql");

            assertThat(one(ours, "SELECT @@server_uuid")).isNotEqualTo(one(shared, "SELECT @@server_uuid"));
            assertThat(one(ours, "SELECT @@gtid_executed")).isEmpty();
            assertThat(one(ours, WITHOUT_PASSWORD)).isEqualTo("0");
            assertDenied(new Database(ours.url(), "root", shared.password()));
            assertDenied(new Database(ours.url(), "root", ""));
        }
    }

    @Test
    void a_taken_port_is_a_sentence() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PrivateMySql mySql = new PrivateMySql(place(holder.getLocalPort()), Passwords.generate())) {
            assertThatThrownBy(mySql::start)
                    .isInstanceOf(StackProblem.class)
                    .hasMessageStartingWith("Port " + holder.getLocalPort() + " is taken, and mysql-test needs it: ");
        }
    }

    @Test
    void another_password_than_that_of_the_data_is_a_sentence() {
        Place place = place(0);
        try (PrivateMySql mySql = new PrivateMySql(place, Passwords.generate())) {
            mySql.start();
        }

        try (PrivateMySql mySql = new PrivateMySql(place, Passwords.generate())) {
            assertThatThrownBy(mySql::start)
                    .isInstanceOf(StackProblem.class)
                    .hasMessageContaining("was made with another password");
        }
    }

    private Place place(int port) {
        return new Place("mysql-test", folder.resolve("data"), folder.resolve("mysql.log"), port);
    }

    private Path accounts() {
        return folder.resolve("data.accounts.sql");
    }

    private static void assertDenied(Database database) {
        assertThatThrownBy(database::connect)
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("Access denied for user 'root'@");
    }

    private static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String one(Database database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
