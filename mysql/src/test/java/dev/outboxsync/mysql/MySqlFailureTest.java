package dev.outboxsync.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.outboxsync.event.Reason;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What MySQL says when something is wrong, provoked for real, and what it means. */
@Tag("server-dependent")
class MySqlFailureTest {
    private static Database database;
    private static DriverManagerDataSource source;
    private static JdbcTemplate sql;

    @BeforeAll
    static void tables() {
        database = TestParts.mySql().freshDatabase();
        source = new DriverManagerDataSource(
                database.url() + "?sessionVariables=innodb_lock_wait_timeout=1,sql_mode='STRICT_ALL_TABLES'",
                database.user(),
                database.password());
        sql = new JdbcTemplate(source);
        sql.execute("CREATE TABLE parent (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, amount DECIMAL(4, 2),"
                + " day DATE, UNIQUE KEY name (name), CONSTRAINT small CHECK (id < 1000))");
        sql.execute("CREATE TABLE child (id INT PRIMARY KEY, parent_id INT,"
                + " CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id))");
        sql.execute("CREATE TABLE place (id INT PRIMARY KEY, name VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin,"
                + " spot POINT SRID 4326, facts JSON, KEY since ((CAST(facts->>'$.since' AS DATE))))");
        sql.execute("INSERT INTO parent (id, name) VALUES (1, 'Ann'), (2, 'x'' for key ''y')");
        sql.execute("INSERT INTO child VALUES (1, 1)");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "INSERT INTO parent (id, name) VALUES (3, 'Ann') | DUPLICATE_KEY | parent.name",
                "INSERT INTO parent (id, name) VALUES (3, 'x'' for key ''y') | DUPLICATE_KEY | parent.name",
                "INSERT INTO parent (id, name) VALUES (1, 'Ben') | DUPLICATE_KEY | parent.PRIMARY",
                "INSERT INTO child VALUES (2, 77) | MISSING_PARENT | child.parent_id",
                "DELETE FROM parent WHERE id = 1 | HAS_CHILDREN | child.parent_id",
                "INSERT INTO parent (id, name) VALUES (3, REPEAT('n', 41)) | TOO_LONG | name",
                "INSERT INTO parent (id, name, amount) VALUES (3, 'c', 100.00) | OUT_OF_RANGE | amount",
                "INSERT INTO parent (id, name, amount) VALUES (3, 'c', 'much') | INVALID_VALUE | amount",
                "INSERT INTO parent (id, name, day) VALUES (3, 'c', '2026-02-30') | INVALID_VALUE | day",
                "INSERT INTO parent (id, name) VALUES (3, NULL) | INVALID_VALUE | name",
                "INSERT INTO parent (id) VALUES (3) | UNKNOWN_COLUMN | name",
                "INSERT INTO parent (id, name) VALUES (1000, 'c') | INVALID_VALUE | small",
                "INSERT INTO place (id, spot) VALUES (1, POINT(1, 1)) | INVALID_VALUE |",
                "INSERT INTO place (id, facts) VALUES (1, '{\"since\": \"yesterday\"}') | INVALID_VALUE |",
                "SELECT 1 FROM place WHERE name COLLATE latin1_bin = _utf8mb4 X'F09F9880' COLLATE utf8mb4_bin | INVALID_VALUE |",
                "SELECT 1 FROM parent WHERE day >= 'soon' | INVALID_VALUE |",
                "INSERT INTO nobody VALUES (1) | UNKNOWN_TABLE |",
                "INSERT INTO parent (id, nick) VALUES (3, 'c') | UNKNOWN_COLUMN | nick",
            })
    void what_is_about_the_data_is_a_refusal_that_names_the_key_or_column(
            String statement, Reason reason, @Nullable String detail) {
        MySqlFailure failure = MySqlFailure.of(catchThrowable(() -> sql.execute(statement)));

        assertThat(failure.failureClass()).isEqualTo(FailureClass.REFUSAL);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.detail()).isEqualTo(detail);
    }

    @Test
    void a_lock_that_somebody_holds_is_contention_and_the_whole_transaction_is_tried_again() throws Exception {
        var attempts = new AtomicInteger();
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            lock(other, 1);

            new Transactions(new JdbcTransactionManager(source)).runWithoutResult(() -> {
                sql.update("INSERT INTO parent (id, name) VALUES (50, 'fifty')");
                if (attempts.incrementAndGet() > 1) {
                    rollback(other);
                }
                sql.update("UPDATE parent SET amount = 1 WHERE id = 1");
            });
        }

        assertThat(attempts).hasValue(2);
        assertThat(sql.queryForObject("SELECT COUNT(*) FROM parent WHERE id = 50", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void a_lock_wait_is_contention() throws Exception {
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            lock(other, 2);

            MySqlFailure failure =
                    MySqlFailure.of(catchThrowable(() -> sql.update("UPDATE parent SET amount = 2 WHERE id = 2")));

            assertThat(failure).isEqualTo(new MySqlFailure(FailureClass.CONTENTION, 1205, null, null));
            rollback(other);
        }
    }

    @Test
    void a_connection_that_is_killed_or_refused_is_an_outage() {
        Throwable killed = catchThrowable(() -> sql.execute("KILL CONNECTION_ID()"));
        Throwable refused =
                catchThrowable(() -> new DriverManagerDataSource(database.url(), "nobody", "wrong").getConnection());

        assertThat(MySqlFailure.of(killed).failureClass()).isEqualTo(FailureClass.OUTAGE);
        assertThat(MySqlFailure.of(refused).failureClass()).isEqualTo(FailureClass.OUTAGE);
        assertThat(MySqlFailure.of(refused).code()).isEqualTo(1045);
    }

    /** The driver's innermost message is of a signature, and means nothing to whoever reads it. */
    @Test
    void a_certificate_that_is_not_trusted_is_named() {
        var untrusting = new DriverManagerDataSource(
                database.url() + "?sslMode=VERIFY_CA", database.user(), database.password());

        Throwable untrusted = catchThrowable(untrusting::getConnection);

        assertThat(MySqlFailure.of(untrusted).failureClass()).isEqualTo(FailureClass.OUTAGE);
        assertThat(MySqlFailure.ofEncryption(untrusted))
                .hasValueSatisfying(why -> assertThat(why).contains("does not chain with any of the trust anchors"));
        assertThat(MySqlFailure.ofEncryption(catchThrowable(() -> sql.execute("SELECT nothing"))))
                .isEmpty();
    }

    @Test
    void a_number_on_no_list_is_unknown_but_not_where_it_is_of_the_server() {
        MySqlFailure odd = MySqlFailure.of(catchThrowable(() -> sql.execute("SELECT * FROM parent, parent")));
        MySqlFailure full = MySqlFailure.of(new SQLException("The table is full", "HY000", 1114));

        assertThat(odd).isEqualTo(new MySqlFailure(FailureClass.UNKNOWN, 1066, null, null));
        assertThat(full.failureClass()).isEqualTo(FailureClass.OUTAGE);
    }

    @Test
    void what_is_no_failure_of_mysql_is_waited_out_too() {
        assertThat(MySqlFailure.of(new IllegalStateException()).failureClass()).isEqualTo(FailureClass.OUTAGE);
    }

    private static void lock(Connection connection, int id) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT id FROM parent WHERE id = ? FOR UPDATE")) {
            statement.setInt(1, id);
            statement.executeQuery().close();
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
