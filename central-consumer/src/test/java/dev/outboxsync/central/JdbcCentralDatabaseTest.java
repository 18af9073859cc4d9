package dev.outboxsync.central;

import static dev.outboxsync.central.Changes.SITE;
import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.SWEEP;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloJson;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only MySQL can show: rewritten batches, locks, and other sessions. */
@Tag("server-dependent")
class JdbcCentralDatabaseTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private final CentralMySql mySql = new CentralMySql();
    private final Changes site = Changes.of(SITE);
    private final AtomicInteger transactions = new AtomicInteger();
    private final ApplyingChanges applying =
            new ApplyingChanges(counting(mySql.central("users", "orders")), Clock.systemUTC(), new SplittableRandom(7));

    @AfterEach
    void close() {
        mySql.close();
    }

    private CentralDatabase counting(CentralDatabase database) {
        return new CentralDatabase() {
            @Override
            public <T> T transaction(Function<CentralTransaction, T> work) {
                transactions.incrementAndGet();
                return database.transaction(work);
            }
        };
    }

    private Acknowledgement apply(byte[]... values) {
        return applying.apply(SITE, Changes.at(0, SITE, values))
                .acknowledgement()
                .orElseThrow();
    }

    private static byte[] hello(AcknowledgementId seen) {
        return HelloJson.write(new Hello(SITE, 1, "token", seen));
    }

    private byte[][] users(long firstSequence, dev.outboxsync.event.Operation operation, String name) {
        return IntStream.rangeClosed(1, 20)
                .mapToObj(id -> site.user(firstSequence + id, operation, id, name))
                .toArray(byte[][]::new);
    }

    @Test
    void what_is_expected_takes_one_transaction_for_a_rewritten_batch_of_each_kind() {
        apply(users(0, INSERT, "first"));
        apply(users(100, UPDATE, "first"));
        apply(users(200, UPDATE, "second"));
        apply(users(300, DELETE, "second"));

        assertThat(transactions).hasValue(4);
        assertThat(mySql.users()).isEmpty();
    }

    @Test
    void repeats_cost_a_second_transaction_until_they_are_expected() {
        byte[][] repeated = users(0, INSERT, "first");
        apply(repeated);
        transactions.set(0);

        apply(repeated);
        assertThat(transactions.getAndSet(0)).isEqualTo(2);
        apply(repeated);
        apply(site.user(50, INSERT, 50, "new"));
        apply(site.user(51, INSERT, 51, "new"));

        assertThat(transactions).hasValue(3);
    }

    @Test
    void a_mixed_batch_takes_one_transaction() {
        apply(
                site.user(1, INSERT, 1, "Ann"),
                site.order(2, INSERT, 1, 1, "1.00", "NEW"),
                site.user(3, INSERT, 2, "Bob"),
                site.order(4, UPDATE, 1, 2, "2.00", "PAID"),
                site.order(5, INSERT, 2, 2, "3.00", "NEW"),
                site.order(6, DELETE, 2, 2, "3.00", "NEW"));

        assertThat(transactions).hasValue(1);
        assertThat(mySql.orders()).containsOnly(Map.entry("1", "2 2.00 PAID"));
    }

    @Test
    void an_address_that_changes_hands_takes_a_second_transaction_in_the_lanes_order() {
        apply(site.user(1, INSERT, 1, "Ann", "a@example.org"));
        transactions.set(0);

        Acknowledgement acknowledgement =
                apply(site.user(2, UPDATE, 1, "Ann", "b@example.org"), site.user(3, INSERT, 2, "Bob", "a@example.org"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(transactions).hasValue(2);
    }

    @Test
    void a_row_that_somebody_deleted_at_the_centre_is_found_missing_within_a_rewritten_batch() {
        apply(users(0, INSERT, "first"));
        mySql.execute("DELETE FROM users WHERE id = 10");

        Acknowledgement acknowledgement = apply(users(100, UPDATE, "second"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(mySql.users()).hasSize(20).containsEntry("10", "second u10@example.org");
    }

    @Test
    void a_row_that_was_there_before_any_site_sent_it_is_taken_over() {
        mySql.execute("INSERT INTO users VALUES (1, 'loaded', 'loaded@example.org', NOW(6))");

        Acknowledgement acknowledgement = apply(site.user(1, INSERT, 1, "Ann"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(mySql.users()).containsEntry("1", "Ann u1@example.org");
    }

    @Test
    void a_row_that_mysql_refuses_with_an_unknown_number_is_refused_once_another_row_is_taken_or_after_a_while() {
        byte[] odd = site.user(1, INSERT, 1, "odd");
        mySql.execute("CREATE TRIGGER odd BEFORE INSERT ON users FOR EACH ROW BEGIN IF NEW.name = 'odd' THEN"
                + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 3999, MESSAGE_TEXT = 'odd'; END IF; END");
        try {
            assertThatThrownBy(() -> apply(odd)).hasStackTraceContaining("odd");
            assertThatThrownBy(() -> apply(odd, site.user(2, INSERT, 2, "odd"))).hasStackTraceContaining("odd");

            Acknowledgement acknowledgement = apply(odd, site.user(2, INSERT, 2, "Ben"));

            assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(2, 2));
            assertThat(acknowledgement.refused())
                    .containsExactly(new Refusal(1, Reason.INVALID_VALUE, "users, MySQL error 3999"));
            assertThat(mySql.users()).containsOnlyKeys("2");
            for (int attempt = 1; attempt <= 10; attempt++) {
                assertThatThrownBy(() -> apply(odd)).hasStackTraceContaining("odd");
            }
            assertThat(apply(odd).refused()).hasSize(1);
        } finally {
            mySql.execute("DROP TRIGGER odd");
        }
    }

    @Test
    void a_sweep_that_mysql_refuses_with_an_unknown_number_is_refused_after_a_while() {
        apply(site.user(1, INSERT, 1, "Ann"));
        byte[] sweep = site.change(9, "users", SWEEP, "*", "{\"since\":\"9\"}");
        mySql.execute("CREATE TRIGGER odd BEFORE DELETE ON users FOR EACH ROW"
                + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 3999, MESSAGE_TEXT = 'odd'");
        try {
            for (int attempt = 1; attempt <= 10; attempt++) {
                assertThatThrownBy(() -> apply(sweep)).hasStackTraceContaining("odd");
            }

            assertThat(apply(sweep).refused())
                    .containsExactly(new Refusal(9, Reason.INVALID_VALUE, "users, MySQL error 3999"));
            assertThat(mySql.users()).containsOnlyKeys("1");
        } finally {
            mySql.execute("DROP TRIGGER odd");
        }
    }

    @Test
    void acknowledgements_that_a_restore_under_a_running_centre_left_behind_were_never_given() {
        apply(site.user(1, INSERT, 1, "Ann"));
        mySql.execute("INSERT INTO sync_acknowledgement VALUES ('%1$s', 2, 'left'), ('%1$s', 3, 'left')"
                .formatted(SITE.name()));

        Acknowledgement second = apply(hello(new AcknowledgementId(3, "left")));
        Acknowledgement third = apply(hello(new AcknowledgementId(2, "left")));
        Acknowledgement fourth = apply(hello(second.id()));

        assertThat(second.id().number()).isEqualTo(2);
        assertThat(Stream.of(second, third, fourth).map(Acknowledgement::answer).map(HelloAnswer::remembers))
                .containsExactly(false, false, true);
    }

    @Test
    void a_lock_wait_rolls_back_the_whole_batch_and_tries_it_again() throws Exception {
        apply(site.user(1, INSERT, 1, "Ann"));
        try (Connection other = mySql.database().connect();
                Statement session = other.createStatement()) {
            other.setAutoCommit(false);
            session.execute("SELECT id FROM users WHERE id = 1 FOR UPDATE");
            long timeOuts = lockTimeOuts();

            var applied = CompletableFuture.supplyAsync(
                    () -> apply(site.user(2, INSERT, 2, "Bob"), site.user(3, UPDATE, 1, "Anna")));
            await().atMost(LIMIT).until(() -> lockTimeOuts() > timeOuts);
            other.rollback();

            assertThat(applied.get(30, TimeUnit.SECONDS).refused()).isEmpty();
            assertThat(mySql.users()).containsEntry("1", "Anna u1@example.org").containsKey("2");
        }
    }

    private long lockTimeOuts() {
        return mySql.jdbc.queryForObject(
                "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_timeouts'", Long.class);
    }

    @Test
    void a_row_that_another_site_inserts_at_the_same_moment_is_the_other_sites() throws Exception {
        Acknowledgement acknowledgement = applyWhile(
                site.user(1, INSERT, 1, "Ann"),
                "INSERT INTO users VALUES (1, 'Bob', 'bob@example.org', NOW(6))",
                "INSERT INTO sync_version VALUES ('users', '1', 'site-2', 1, 5, FALSE)");

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(1, Reason.OTHER_SITE, null));
        assertThat(mySql.users()).containsEntry("1", "Bob bob@example.org");
    }

    @Test
    void a_record_that_another_site_deletes_at_the_same_moment_is_the_other_sites() throws Exception {
        Acknowledgement acknowledgement = applyWhile(
                site.user(1, DELETE, 1, "Ann"), "INSERT INTO sync_version VALUES ('users', '1', 'site-2', 1, 5, TRUE)");

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(1, Reason.OTHER_SITE, null));
    }

    /** Applies a change that has to wait for another session, which commits as soon as it does. */
    private Acknowledgement applyWhile(byte[] change, String... statements) throws Exception {
        try (Connection other = mySql.database().connect();
                Statement session = other.createStatement()) {
            other.setAutoCommit(false);
            for (String statement : statements) {
                session.execute(statement);
            }
            var applied = CompletableFuture.supplyAsync(() -> apply(change));
            await().atMost(LIMIT).until(this::somebodyWaits);
            other.commit();
            return applied.get(30, TimeUnit.SECONDS);
        }
    }

    private boolean somebodyWaits() {
        return mySql.jdbc.queryForObject(
                        "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'", Long.class)
                > 0;
    }

    @Test
    void two_consumers_of_one_lane_wait_for_each_other_and_apply_once() throws SQLException {
        byte[][] batch = users(0, INSERT, "once");

        var first = CompletableFuture.supplyAsync(() -> apply(batch));
        var second = CompletableFuture.supplyAsync(() -> apply(batch));

        assertThat(first.join().applied()).isEqualTo(second.join().applied());
        assertThat(first.join().id().number() + second.join().id().number()).isEqualTo(3);
        assertThat(mySql.users()).hasSize(20);
    }

    @Test
    void what_is_kept_of_a_lane_is_found_by_its_place() {
        for (int i = 0; i < 300; i++) {
            mySql.jdbc.update(
                    "INSERT INTO sync_quarantine (topic, topic_partition, topic_offset, value_hash, reason, quarantined_at)"
                            + " VALUES (?, 0, ?, UNHEX(SHA2('', 256)), 'MALFORMED', UTC_TIMESTAMP(6))",
                    "sync.changes.site-" + i % 3,
                    i);
        }
        mySql.execute("ANALYZE TABLE sync_quarantine");

        var plan = mySql.jdbc.queryForMap("EXPLAIN " + Quarantine.READ_KEPT, "sync.changes.site-1", 0, 10, 20);

        assertThat(plan).containsEntry("key", "by_place").containsEntry("type", "range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "' OR 1=1 --", "1 OR 1=1", "1e9999"})
    void a_bound_of_a_sweep_that_is_no_key_deletes_nothing(String bound) {
        apply(site.user(1, INSERT, 1, "Ann"), site.user(2, INSERT, 2, "Ben"));

        apply(site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":\"" + bound + "\",\"to\":null}"));
        apply(site.change(12, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":\"" + bound + "\"}"));

        assertThat(mySql.users()).containsOnlyKeys("1", "2");
    }

    @Test
    void versions_are_read_by_their_primary_key() {
        apply(users(0, INSERT, "first"));
        mySql.execute("ANALYZE TABLE sync_version");

        var plan = mySql.jdbc.queryForMap("""
                EXPLAIN SELECT table_name, record_id, site, epoch, sequence, deleted
                FROM sync_version
                WHERE table_name = 'users' AND record_id IN ('1', '2', '3')
                """);

        assertThat(plan)
                .containsEntry("key", "PRIMARY")
                .hasEntrySatisfying("rows", rows -> assertThat(rows).hasToString("3"));
    }
}
