package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.event.RowImage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

@Tag("server-dependent")
class CaptureTriggersTest {
    private static final String TWO_USERS = "INSERT INTO users (id, name, email, updated_at) VALUES"
            + " (1, 'Ann', 'ann@example.org', '2026-11-23 06:00:00.120000'),"
            + " (2, 'Bob \uD83D\uDE00', 'bob@example.org', '2026-11-23 06:00:00.000001')";

    private CapturedSite site;

    @BeforeEach
    void start() {
        site = CapturedSite.fresh();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void every_row_of_a_statement_is_captured_in_its_order() {
        site.run(
                TWO_USERS,
                "UPDATE users SET name = CONCAT(name, '!') ORDER BY id DESC",
                "DELETE FROM users ORDER BY id");

        assertThat(site.queued())
                .containsExactly(
                        "users 1 INSERT",
                        "users 2 INSERT",
                        "users 2 UPDATE",
                        "users 1 UPDATE",
                        "users 1 DELETE",
                        "users 2 DELETE");
        assertThat(site.lines("SELECT DISTINCT CONCAT_WS(' ', sync_status, retry_count, epoch) FROM sync_queue"))
                .containsExactly("PENDING 0 0");
    }

    @Test
    void what_has_not_arrived_cannot_be_deleted_from_the_queue() throws Exception {
        site.run(TWO_USERS);

        for (String status : List.of("PENDING", "FAILED")) {
            site.run("UPDATE sync_queue SET sync_status = '" + status + "'");
            assertThatThrownBy(() -> site.run("DELETE FROM sync_queue"))
                    .hasMessageContaining("only SYNCED rows may be deleted");
        }
        site.run("UPDATE sync_queue SET sync_status = 'SYNCED'", "DELETE FROM sync_queue");

        assertThat(site.queued()).isEmpty();
    }

    @Test
    void the_image_is_the_row_after_the_change_and_before_a_delete() throws Exception {
        site.run(TWO_USERS, "UPDATE users SET name = 'Bobby', updated_at = '2026-11-23 07:00:00' WHERE id = 2");
        site.run("DELETE FROM users WHERE id = 2");

        Map<String, String> after = Map.of(
                "id", "2", "name", "Bobby", "email", "bob@example.org", "updated_at", "2026-11-23T07:00:00.000000");
        assertThat(images())
                .containsExactly(
                        Map.of(
                                "id", "1",
                                "name", "Ann",
                                "email", "ann@example.org",
                                "updated_at", "2026-11-23T06:00:00.120000"),
                        Map.of(
                                "id", "2",
                                "name", "Bob \uD83D\uDE00",
                                "email", "bob@example.org",
                                "updated_at", "2026-11-23T06:00:00.000001"),
                        after,
                        after);
    }

    @Test
    void a_replace_is_a_delete_and_an_insert() {
        site.run(TWO_USERS, "REPLACE INTO users (id, name, email) VALUES (3, 'New', 'ann@example.org')");

        assertThat(site.queued().subList(2, 4)).containsExactly("users 1 DELETE", "users 3 INSERT");
    }

    @Test
    void a_changed_key_is_a_delete_of_the_old_record_and_an_insert_of_the_new() {
        site.run(TWO_USERS, "UPDATE users SET id = 7 WHERE id = 2");

        assertThat(site.queued().subList(2, 4)).containsExactly("users 2 DELETE", "users 7 INSERT");
    }

    @Test
    void a_key_that_changes_its_case_only_is_a_changed_key() {
        site.run("CREATE TABLE tags (name VARCHAR(20) PRIMARY KEY)");
        site.capture("tags");

        site.run("INSERT INTO tags VALUES ('a')", "UPDATE tags SET name = 'A'", "UPDATE tags SET name = 'A'");

        assertThat(site.queued()).containsExactly("tags a INSERT", "tags a DELETE", "tags A INSERT", "tags A UPDATE");
    }

    @Test
    void what_is_rolled_back_leaves_no_entry() {
        assertThatThrownBy(() -> site.transactions().runWithoutResult(() -> {
                    site.run(TWO_USERS);
                    throw new IllegalStateException("the writer changes its mind");
                }))
                .hasMessage("the writer changes its mind");
        assertThatThrownBy(() -> site.run("INSERT INTO users (name, email) VALUES ('x', 'a@b'), ('y', 'a@b')"))
                .isInstanceOf(DataAccessException.class);

        assertThat(site.queued()).isEmpty();
    }

    @Test
    void a_writer_finds_its_entry_and_leaves_its_trace_in_it() throws Exception {
        try (Connection writer = site.database().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET " + CaptureTrigger.ENTRY_VARIABLE + " = NULL, " + CaptureTrigger.TRACE_VARIABLE
                    + " = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'");
            statement.execute("INSERT INTO users (id, name, email) VALUES (1000, 'Ann', 'ann@example.org')");

            assertThat(one(statement, "SELECT LAST_INSERT_ID()")).isNotEqualTo("1000");
            assertThat(one(
                            statement,
                            "SELECT CONCAT_WS(' ', record_id, traceparent) FROM sync_queue WHERE id = "
                                    + CaptureTrigger.ENTRY_VARIABLE))
                    .isEqualTo("1000 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }
    }

    @Test
    void every_type_of_column_travels_exactly() throws Exception {
        site.run("""
                CREATE TABLE kinds (
                    id BIGINT UNSIGNED PRIMARY KEY, price DECIMAL(20, 4), year_0 YEAR, flags BIT(9),
                    size_1 ENUM('small', 'big'), days SET('mo', 'tu'), code CHAR(4), note TEXT, ratio FLOAT,
                    exact DOUBLE, day_1 DATE, at_1 DATETIME(3), stamp TIMESTAMP(6) NULL, span TIME(2),
                    raw_1 BINARY(3), photo BLOB, place POINT, doc JSON, `odd ``name` INT, nothing INT)
                """);
        site.capture("kinds");
        try (Connection writer = site.database().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET time_zone = '-05:00'");
            statement.execute("""
                    INSERT INTO kinds VALUES (
                        18446744073709551615, 1234567890123456.7800, 0, b'100000101',
                        'big', 'mo,tu', 'a', '"\\\\\uD83D\uDE00', 16777216,
                        0.1, '2026-02-28', '2026-11-23 06:00:00.125', '2026-11-23 07:25:00.000001', '-837:59:59.5',
                        x'00FF', x'DEAD', ST_PointFromText('POINT(1 2)'), '{"b": 1, "a": [true, null]}', 7, NULL)
                    """);
        }

        String hexOfPlace = site.lines("SELECT HEX(place) FROM kinds").get(0);
        Map<String, String> image = images().get(0);
        assertThat(site.queued()).containsExactly("kinds 18446744073709551615 INSERT");
        assertThat(image)
                .containsEntry("id", "18446744073709551615")
                .containsEntry("price", "1234567890123456.7800")
                .containsEntry("year_0", "0000")
                .containsEntry("flags", "261")
                .containsEntry("size_1", "big")
                .containsEntry("days", "mo,tu")
                .containsEntry("code", "a")
                .containsEntry("note", "\"\\\uD83D\uDE00")
                .containsEntry("day_1", "2026-02-28")
                .containsEntry("at_1", "2026-11-23T06:00:00.125000")
                .containsEntry("stamp", "2026-11-23T12:25:00.000001Z")
                .containsEntry("span", "-837:59:59.50")
                .containsEntry("raw_1", "00FF00")
                .containsEntry("photo", "DEAD")
                .containsEntry("doc", "{\"a\": [true, null], \"b\": 1}")
                .containsEntry("odd `name", "7")
                .containsEntry("place", hexOfPlace)
                .containsEntry("nothing", null);
        assertThat(Double.parseDouble(image.get("ratio"))).isEqualTo(16777216);
        assertThat(Double.parseDouble(image.get("exact"))).isEqualTo(0.1);
    }

    @Test
    void triggers_that_fit_are_left_alone() {
        String readTimes = "SELECT CONCAT(trigger_name, created) FROM information_schema.triggers"
                + " WHERE trigger_schema = DATABASE() AND event_object_table <> 'sync_queue' ORDER BY 1";
        List<String> before = site.lines(readTimes);

        site.capture(CapturedSite.TABLES.toArray(String[]::new));

        assertThat(site.lines(readTimes)).isEqualTo(before).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x'ff'", "'😀'", "REPEAT('x', 300)", "1.5e300", "ST_GeomFromText('POINT(1 1)')"})
    void no_trace_of_a_writer_keeps_it_from_writing(String trace) throws SQLException {
        try (Connection writer = site.database().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET " + CaptureTrigger.TRACE_VARIABLE + " = " + trace);
            statement.execute(TWO_USERS);
        }

        assertThat(site.queued()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE users SET name = 'x'",
                "DELETE FROM users",
                "INSERT INTO users VALUES (9, 'x', 'x@x', NOW())"
            })
    void a_writer_does_not_choose_the_id_in_the_queue(String change) throws SQLException {
        site.run(TWO_USERS);
        try (Connection writer = site.database().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET INSERT_ID = 9223372036854775807");

            assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("SET INSERT_ID");
            statement.execute("SET INSERT_ID = 0");
            assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("numbered from 1 on");
        }

        assertThat(site.queued()).hasSize(2);
        site.run(change);
        assertThat(site.lines("SELECT MAX(id) < 20 FROM sync_queue")).containsExactly("1");
    }

    @Test
    void it_is_seen_which_tables_are_not_captured_as_they_are_now() {
        assertThat(uncaptured("users", "orders")).isEmpty();

        site.run("ALTER TABLE users ADD COLUMN phone VARCHAR(20)", "DROP TRIGGER sync_delete_orders");
        assertThat(uncaptured("users", "orders")).containsExactly("users", "orders");

        site.capture(CapturedSite.TABLES.toArray(String[]::new));
        assertThat(uncaptured("users", "orders")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MODIFY price DECIMAL(12, 1)",
                "MODIFY at DATETIME(0)",
                "MODIFY weight FLOAT",
                "MODIFY code VARCHAR(3)",
                "MODIFY code VARCHAR(10) CHARACTER SET latin1",
                "MODIFY kind ENUM('b', 'a', 'c')",
                "MODIFY twice INT AS (id * 3)",
                "RENAME COLUMN n TO m, RENAME COLUMN m TO n"
            })
    void a_table_whose_values_an_ALTER_may_have_changed_is_queued_again(String alter) {
        site.run("CREATE TABLE goods (id INT PRIMARY KEY, n INT, m INT, price DECIMAL(12, 3), at DATETIME(6),"
                + " weight DOUBLE, code VARCHAR(10), kind ENUM('a', 'b'), twice INT AS (id * 2))");
        site.capture("goods");
        assertThat(uncaptured("goods")).isEmpty();

        site.run("ALTER TABLE goods " + alter);

        assertThat(uncaptured("goods")).containsExactly("goods");
        assertThat(site.capture("goods").uncaptured()).containsExactly("goods");
        assertThat(uncaptured("goods")).isEmpty();
    }

    @Test
    void a_table_whose_values_no_ALTER_can_have_changed_is_not_queued_again() {
        site.run("ALTER TABLE users ADD INDEX by_name (name), COMMENT = 'people'");

        assertThat(uncaptured("users")).isEmpty();
    }

    @Test
    void a_table_held_by_a_long_transaction_stops_neither_its_writers_nor_the_capture_of_others() throws Exception {
        site.run("CREATE TABLE visits (id INT PRIMARY KEY)");
        try (Connection longTransaction = site.database().connect();
                Statement statement = longTransaction.createStatement()) {
            site.run("ALTER TABLE users ADD COLUMN phone VARCHAR(20)");
            longTransaction.setAutoCommit(false);
            statement.execute("SELECT * FROM users");

            CaptureReport report = site.capture("users", "orders", "visits");

            assertThat(report.uncaptured()).containsExactly("visits");
            assertThat(report.failed().keySet()).containsExactly("users");
            assertThat(report.failed().get("users")).contains("error 1205", "POST /sync/capture");
        }
        site.run(TWO_USERS, "INSERT INTO visits VALUES (1)");
        assertThat(site.queued()).hasSize(3);

        assertThat(site.capture("users", "orders", "visits").uncaptured()).containsExactly("users");
    }

    @Test
    void no_write_slips_by_while_triggers_are_made_anew() throws Exception {
        var goesOn = new AtomicBoolean(true);
        var written = new AtomicInteger();
        List<CompletableFuture<Void>> writers = IntStream.range(0, 3)
                .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; goesOn.get(); i++) {
                        site.run("INSERT INTO users (name, email) VALUES ('x', '" + writer + "-" + i + "@x')");
                        written.incrementAndGet();
                    }
                }))
                .toList();

        for (int column = 0; column < 5; column++) {
            int before = written.get();
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> written.get() > before + 20);
            site.run("ALTER TABLE users ADD COLUMN extra_" + column + " INT DEFAULT " + column);
            site.capture(CapturedSite.TABLES.toArray(String[]::new));
        }
        int before = written.get();
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> written.get() > before + 20);
        goesOn.set(false);
        for (CompletableFuture<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }

        assertThat(site.lines("SELECT COUNT(*) FROM users")).containsExactly(String.valueOf(written.get()));
        assertThat(site.lines("SELECT COUNT(DISTINCT record_id) FROM sync_queue WHERE operation = 'INSERT'"))
                .containsExactly(String.valueOf(written.get()));
        assertThat(site.lines("SELECT payload->>'$.extra_4' FROM sync_queue ORDER BY id DESC LIMIT 1"))
                .containsExactly("4");
    }

    private List<String> uncaptured(String... tables) {
        CaptureReport report = CaptureTriggers.look(site.sql(), CapturedSite.NUMBER, List.of(tables));
        return Stream.concat(report.outdated().stream(), report.uncaptured().stream())
                .toList();
    }

    private List<Map<String, String>> images() throws Exception {
        var images = new ArrayList<Map<String, String>>();
        for (String payload : site.lines("SELECT payload FROM sync_queue ORDER BY id")) {
            images.add(RowImage.ofJson(payload).columns());
        }
        return images;
    }

    private static String one(Statement statement, String query) throws Exception {
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
