package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.PessimisticLockingFailureException;

@Tag("server-dependent")
class ResyncsTest {
    private CapturedSite site;
    private Resyncs resyncs;
    private ResyncReport report;

    @BeforeEach
    void start() {
        site = CapturedSite.fresh();
        resyncs = new Resyncs(site.sql(), site.transactions());
        report = new ResyncReport(site.sql());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void every_row_is_queued_once_in_chunks_parents_first_and_its_times_stay() {
        users(10);
        site.run("INSERT INTO orders (user_id, amount) SELECT id, 1 FROM users ORDER BY id");
        List<String> before = site.lines("SELECT CONCAT(id, updated_at) FROM users ORDER BY id");
        site.run("TRUNCATE sync_queue");

        resyncs.request(ResyncRequest.of(List.of("orders", "users")));
        int pieces = drain(3);

        assertThat(site.queued())
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, 10).mapToObj(id -> "users " + id + " UPDATE"),
                                IntStream.rangeClosed(1, 10).mapToObj(id -> "orders " + id + " UPDATE"))
                        .toList());
        assertThat(pieces).isEqualTo(8);
        assertThat(site.lines("SELECT CONCAT(id, updated_at) FROM users ORDER BY id"))
                .isEqualTo(before);
        assertThat(report.list(5))
                .extracting(
                        ResyncProgress::tableName, ResyncProgress::state, ResyncProgress::rows, ResyncProgress::queued)
                .containsExactly(tuple("orders", "DONE", 10L, 10L), tuple("users", "DONE", 10L, 10L));
        assertThat(report.hasWork()).isFalse();
    }

    @Test
    void keys_of_every_kind_are_read_piece_by_piece() {
        site.run(
                "CREATE TABLE k1 (a ENUM('z', 'm', 'b'), b VARBINARY(4), c DECIMAL(30, 10), PRIMARY KEY (a, b, c))",
                "CREATE TABLE k2 (a VARCHAR(20), b TIMESTAMP(6), c BIT(9), PRIMARY KEY (a, b, c))",
                "CREATE TABLE k3 (a FLOAT, b TIME(3), c DATE, PRIMARY KEY (a, b, c))",
                "CREATE TABLE k4 (a DATETIME(6), b BIGINT UNSIGNED, c YEAR, PRIMARY KEY (a, b, c))");
        for (int i = 0; i < 40; i++) {
            site.run(
                    "INSERT INTO k1 VALUES (" + (i % 3 + 1) + ", UNHEX('FF0" + i % 10
                            + "'), 12345678901234567890.12345678" + (10 + i) + ")",
                    "INSERT INTO k2 VALUES (CONCAT('O''x\\\\', " + i % 4
                            + ", '\uD83D\uDE00'), '2026-11-23 06:00:00' + INTERVAL " + i + " MICROSECOND, " + i + ")",
                    "INSERT INTO k3 VALUES (0.1 * " + i + ", SEC_TO_TIME(100000 - 9000 * " + i
                            + "), '2026-01-01' + INTERVAL " + i + " DAY)",
                    "INSERT INTO k4 VALUES ('2026-11-23 06:00:00.000001', 18446744073709551615 - " + i + ", 2000 + "
                            + i % 5 + ")");
        }
        List<String> tables = List.of("k1", "k2", "k3", "k4");
        site.capture("k1", "k2", "k3", "k4");

        resyncs.request(ResyncRequest.of(tables));
        drain(7);

        for (String table : tables) {
            assertThat(site.lines(
                            "SELECT COUNT(DISTINCT record_id) FROM sync_queue WHERE table_name = '" + table + "'"))
                    .as(table)
                    .containsExactly("40");
        }
        assertThat(site.queued()).hasSizeBetween(160, 180);
        assertThat(report.list(9)).extracting(ResyncProgress::problem).containsOnlyNulls();
    }

    @Test
    void a_range_is_queued_alone() {
        users(10);
        site.run("TRUNCATE sync_queue");

        resyncs.request(new ResyncRequest(List.of("users"), "3", "5", false));
        drain(2);

        assertThat(site.queued()).containsExactly("users 3 UPDATE", "users 4 UPDATE", "users 5 UPDATE");
    }

    @Test
    void a_killed_resync_goes_on_where_it_stood() {
        users(10);
        site.run("TRUNCATE sync_queue");
        resyncs.request(ResyncRequest.of(List.of("users")));
        resyncs.goOn(4);

        resyncs = new Resyncs(site.sql(), site.transactions());
        report = new ResyncReport(site.sql());
        drain(4);

        assertThat(site.queued()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void beside_live_writers_the_last_entry_of_every_record_is_the_record() throws Exception {
        users(60);
        var goesOn = new AtomicBoolean(true);
        List<CompletableFuture<Void>> writers = IntStream.range(0, 2)
                .mapToObj(seed -> CompletableFuture.runAsync(() -> write(new Random(seed), goesOn)))
                .toList();

        for (int round = 0; round < 5; round++) {
            resyncs.request(ResyncRequest.of(List.of("users")));
            drain(7);
        }
        goesOn.set(false);
        for (CompletableFuture<Void> writer : writers) {
            writer.get(30, TimeUnit.SECONDS);
        }

        String last =
                "SELECT q.* FROM sync_queue q JOIN (SELECT MAX(id) AS id FROM sync_queue GROUP BY record_id) l USING (id)";
        assertThat(site.lines("SELECT CONCAT(record_id, ' ', payload->>'$.name') FROM (" + last
                        + ") e WHERE operation <> 'DELETE' ORDER BY CAST(record_id AS UNSIGNED)"))
                .isEqualTo(site.lines("SELECT CONCAT(id, ' ', name) FROM users ORDER BY id"))
                .hasSizeGreaterThan(10);
    }

    private void write(Random random, AtomicBoolean goesOn) {
        for (int i = 0; goesOn.get(); i++) {
            int id = 1 + random.nextInt(80);
            try {
                site.run(
                        switch (random.nextInt(3)) {
                            case 0 ->
                                "INSERT IGNORE INTO users (id, name, email) VALUES (" + id + ", 'new " + i + "', '" + id
                                        + "@x')";
                            case 1 -> "DELETE FROM users WHERE id = " + id;
                            default ->
                                "UPDATE users SET name = 'name " + random.nextInt() + "' WHERE id BETWEEN " + id
                                        + " AND " + (id + 3);
                        });
            } catch (PessimisticLockingFailureException inTheWay) {
                // a deadlock with the resync: the writer's statement had no effect
            }
        }
    }

    @Test
    void what_is_planned_before_a_crash_begins_after_it_and_once() {
        users(2);
        site.run("TRUNCATE sync_queue");
        resyncs.plan(List.of("users"));
        drain(10);
        assertThat(site.queued()).as("while the triggers are not made").isEmpty();

        resyncs = new Resyncs(site.sql(), site.transactions());
        report = new ResyncReport(site.sql());
        resyncs.plan(List.of("users"));
        assertThat(resyncs.beginPlanned(List.of("orders"))).isZero();
        assertThat(resyncs.beginPlanned(List.of("users", "orders"))).isEqualTo(1);
        drain(10);

        assertThat(site.queued()).hasSize(2);
    }

    @Test
    void the_sweep_follows_when_all_is_acknowledged_children_before_parents() {
        users(2);
        site.run("INSERT INTO orders (user_id, amount) VALUES (1, 1)");
        resyncs.request(new ResyncRequest(List.of("users", "orders"), null, null, true));
        drain(10);
        assertThat(site.queued()).hasSize(6);
        assertThat(report.list(1)).extracting(ResyncProgress::state).containsExactly("WAITING");

        site.run("UPDATE sync_queue SET sync_status = 'SYNCED'");
        drain(10);

        assertThat(site.queued()).endsWith("orders * SWEEP", "users * SWEEP").hasSize(8);
        assertThat(site.lines("SELECT DISTINCT payload->>'$.since' FROM sync_queue WHERE operation = 'SWEEP'"))
                .containsExactly("4");
    }

    @Test
    void a_sweep_spares_the_records_whose_rows_were_refused() {
        users(2);
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));
        drain(10);
        site.run("UPDATE sync_queue SET sync_status = IF(record_id = '2', 'FAILED', 'SYNCED')");

        drain(10);

        assertThat(site.lines("SELECT CONCAT(payload->>'$.epoch', ' ', payload->>'$.except') FROM sync_queue"
                        + " WHERE operation = 'SWEEP'"))
                .containsExactly("1 [\"2\"]");
        assertThat(report.list(1).get(0).problem()).contains("1 of its rows were refused");
    }

    @Test
    void a_row_that_is_refused_and_sent_again_holds_no_sweep_up_and_one_that_nobody_answered_does() {
        users(2);
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));
        drain(10);
        site.run("UPDATE sync_queue SET refused_since = UTC_TIMESTAMP(6), last_error = 'UNKNOWN_COLUMN users.name'"
                + " WHERE record_id = '2'");
        drain(10);
        assertThat(report.list(1).get(0).state()).isEqualTo("WAITING");

        site.run("UPDATE sync_queue SET sync_status = 'SYNCED' WHERE record_id = '1'");
        drain(10);

        assertThat(site.lines("SELECT payload->>'$.except' FROM sync_queue WHERE operation = 'SWEEP'"))
                .containsExactly("[\"2\"]");
    }

    @Test
    void a_sweep_takes_what_waits_for_its_parent_where_nothing_refers_to_it() {
        users(2);
        site.run("INSERT INTO orders (user_id, amount) VALUES (1, 1), (2, 2)");
        site.run("TRUNCATE sync_queue");
        resyncs.request(new ResyncRequest(List.of("users", "orders"), null, null, true));
        drain(10);
        site.run(
                "UPDATE sync_queue SET refused_since = UTC_TIMESTAMP(6), last_error = 'MISSING_PARENT orders.user_id'");
        site.run("UPDATE sync_queue SET sync_status = 'FAILED' WHERE table_name = 'orders' AND record_id = '2'");

        drain(10);

        assertThat(site.lines("SELECT CONCAT(table_name, payload->>'$.except') FROM sync_queue"
                        + " WHERE operation = 'SWEEP' ORDER BY id"))
                .containsExactly("orders[\"2\"]", "users[\"1\", \"2\"]");
    }

    @Test
    void with_more_refused_rows_than_a_record_can_name_nothing_is_swept() {
        users(1_001);
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));
        drain(2_000);
        site.run("UPDATE sync_queue SET sync_status = 'FAILED'");

        drain(10);

        assertThat(site.queued()).noneMatch(line -> line.contains("SWEEP"));
        assertThat(report.list(1).get(0).problem()).contains("more than 1000 of its rows were refused");
    }

    @Test
    void nothing_is_swept_when_an_epoch_has_begun_since() {
        users(1);
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));
        drain(10);
        site.run("UPDATE sync_site SET epoch = 2", "UPDATE sync_queue SET sync_status = 'SYNCED'");

        drain(10);

        assertThat(site.queued()).noneMatch(line -> line.contains("SWEEP"));
        assertThat(report.list(1).get(0).state()).isEqualTo("DONE");
        assertThat(report.list(1).get(0).problem()).contains("restored meanwhile");
    }

    @Test
    void a_sweep_names_the_last_acknowledgement_that_was_settled() {
        site.run("UPDATE sync_site SET acknowledgement_number = 7, acknowledgement_mark = 'mark-7'");
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));

        drain(10);

        assertThat(site.lines("SELECT CONCAT(payload->>'$.seen', ' ', payload->>'$.mark') FROM sync_queue"
                        + " WHERE operation = 'SWEEP'"))
                .containsExactly("7 mark-7");
    }

    @Test
    void what_a_new_epoch_has_to_send_again_is_requested_once() {
        users(2);
        site.run("UPDATE sync_site SET epoch = 2, resync_due = 'ROWS_AND_SWEEP'");
        assertThat(report.hasWork()).isTrue();

        resyncs.requestDue(List.of("users"));
        resyncs.requestDue(List.of("users"));

        assertThat(report.list(9))
                .extracting(ResyncProgress::cause, ResyncProgress::deleteMissing)
                .containsExactly(tuple(ResyncCause.DB_B_WENT_BACK, true));
        assertThat(site.lines("SELECT COUNT(*) FROM sync_site WHERE resync_due IS NULL"))
                .containsExactly("1");
    }

    @Test
    void what_db_a_has_lost_is_not_deleted_because_db_b_goes_back_too_before_somebody_has_decided() {
        goBack("ROWS");
        resyncs.request(new ResyncRequest(List.of("users"), "1", null, true));
        resyncs.request(ResyncRequest.of(List.of("users")));

        goBack("ROWS_AND_SWEEP");

        assertThat(report.list(1)).allSatisfy(resync -> {
            assertThat(resync.cause()).isEqualTo(ResyncCause.DB_B_WENT_BACK);
            assertThat(resync.deleteMissing()).isFalse();
            assertThat(resync.problem()).contains("DB_A was restored before", "{\"delete_missing\": true}");
        });
    }

    @Test
    void once_somebody_has_decided_what_db_a_does_not_hold_goes_when_db_b_goes_back() {
        goBack("ROWS");
        resyncs.request(new ResyncRequest(List.of("users"), null, null, true));

        goBack("ROWS_AND_SWEEP");

        assertThat(report.list(1))
                .extracting(ResyncProgress::cause, ResyncProgress::deleteMissing, ResyncProgress::problem)
                .containsExactly(tuple(ResyncCause.DB_B_WENT_BACK, true, null));
    }

    @Test
    void a_restored_db_a_gives_no_key_anew_that_a_lost_row_may_have_and_asks_for_a_decision() {
        site.run("CREATE TABLE small (id SMALLINT AUTO_INCREMENT PRIMARY KEY)", "INSERT INTO small VALUES (7)");
        site.run(
                "CREATE TABLE plain (id INT AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TABLE named (id CHAR(9) PRIMARY KEY)");
        users(3);
        site.run("UPDATE sync_site SET epoch = epoch + 1, resync_due = 'ROWS'");

        resyncs.requestDue(List.of("users", "small", "plain", "named"));

        site.run("INSERT INTO small VALUES ()", "INSERT INTO plain VALUES ()");
        site.run("INSERT INTO users (name, email) VALUES ('x', 'new@x')");
        assertThat(site.lines("SELECT MAX(id) FROM users UNION ALL SELECT MAX(id) FROM small"
                        + " UNION ALL SELECT MAX(id) FROM plain"))
                .containsExactly("1000004", "8", "1000001");
        assertThat(report.list(9))
                .allSatisfy(resync ->
                        assertThat(resync.problem()).contains("DB_A was restored", "{\"delete_missing\": true}"));
    }

    @Test
    void a_restored_db_b_moves_no_key() {
        users(3);

        goBack("ROWS_AND_SWEEP");

        site.run("INSERT INTO users (name, email) VALUES ('x', 'new@x')");
        assertThat(site.lines("SELECT MAX(id) FROM users")).containsExactly("4");
    }

    private void goBack(String due) {
        site.run("UPDATE sync_site SET epoch = epoch + 1, resync_due = '" + due + "'");
        resyncs.requestDue(List.of("users"));
    }

    @ParameterizedTest
    @CsvSource({"SIGNAL SQLSTATE '45000', 1644", "CALL nobody(), 1305"})
    void a_table_whose_own_trigger_refuses_updates_ends_with_the_reason(String statement, int error) {
        site.run("CREATE TABLE ledger (id INT PRIMARY KEY)", "INSERT INTO ledger VALUES (1)");
        site.run("CREATE TRIGGER frozen BEFORE UPDATE ON ledger FOR EACH ROW " + statement);
        site.capture("ledger");

        resyncs.request(ResyncRequest.of(List.of("ledger")));
        drain(10);

        assertThat(report.list(1).get(0).problem()).contains("error " + error);
    }

    private void users(int count) {
        IntStream.rangeClosed(1, count)
                .forEach(i -> site.run("INSERT INTO users (name, email) VALUES ('x', '" + i + "@x')"));
    }

    private int drain(int rows) {
        int pieces = 0;
        while (resyncs.goOn(rows)) {
            pieces++;
        }
        return pieces;
    }
}
