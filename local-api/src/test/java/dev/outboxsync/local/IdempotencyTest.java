package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One key, one record, one answer: however often, from however many threads, and after whatever death. */
@Tag("server-dependent")
class IdempotencyTest {
    private static final String ANN = "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}";
    private static final String BOB = "{\"name\":\"Bob\",\"email\":\"bob@example.org\"}";

    private SiteDatabase database;
    private RunningApi api;

    @BeforeEach
    void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(
                database,
                "local-api.idempotency.purge-every=50ms",
                "local-api.idempotency.keep=1h",
                "local-api.idempotency.purge-rows=2");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void a_repeat_is_told_what_the_first_was_told_and_writes_nothing() {
        Answer first = post("/users", "key-1", ANN);
        database.sql().sql("UPDATE sync_queue SET sync_status = 'FAILED'").update();
        Answer second = post("/users", "\"key-1\"", " {\"email\":\"ann@example.org\", \"name\":\"Ann\"}");

        assertThat(first.status()).isEqualTo(201);
        assertSame(first, second);
        assertThat(database.count("users")).isEqualTo(1);
        assertThat(database.count("sync_queue")).isEqualTo(1);
    }

    @Test
    void an_order_is_repeated_to_the_last_digit() {
        assertThat(post("/users", "u", ANN).status()).isEqualTo(201);

        Answer first = post("/orders", "o", "{\"user_id\":1,\"amount\":12.50}");
        Answer second = post("/orders", "o", "{\"user_id\":1,\"amount\":12.5,\"status\":\"PENDING\"}");

        assertThat(first.body()).contains("12.50");
        assertSame(first, second);
        assertThat(database.count("orders")).isEqualTo(1);
    }

    @Test
    void a_key_that_was_used_for_something_else_is_refused() {
        assertThat(post("/users", "key-1", ANN).status()).isEqualTo(201);

        Answer otherBody = post("/users", "key-1", BOB);
        Answer otherAddress = post("/orders", "key-1", "{\"user_id\":1,\"amount\":1}");

        for (Answer refused : List.of(otherBody, otherAddress)) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("\"field\":\"Idempotency-Key\"", "Send a new key for a new record");
        }
        assertThat(database.count("users")).isEqualTo(1);
        assertThat(database.count("orders")).isZero();
    }

    @Test
    void upper_and_lower_case_and_accents_are_other_keys() {
        assertThat(post("/users", "key", ANN).status()).isEqualTo(201);

        assertThat(post("/users", "KEY", BOB).status()).isEqualTo(201);
    }

    @Test
    void what_was_refused_may_be_corrected_under_its_key() {
        assertThat(post("/users", "first", ANN).status()).isEqualTo(201);
        assertThat(post("/users", "key", ANN).status()).isEqualTo(409);
        assertThat(database.count("idempotency_keys")).isEqualTo(1);

        assertThat(post("/users", "key", BOB).status()).isEqualTo(201);
    }

    @Test
    void of_many_at_once_one_writes_and_all_are_told_the_same() throws Exception {
        List<CompletableFuture<Answer>> requests = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> post("/users", "key", ANN)))
                .toList();

        Answer one = requests.get(0).get(60, TimeUnit.SECONDS);
        for (CompletableFuture<Answer> request : requests) {
            assertThat(request.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
            assertSame(one, request.get());
        }
        assertThat(database.count("users")).isEqualTo(1);
        assertThat(database.count("sync_queue")).isEqualTo(1);
    }

    @Test
    void a_repeat_waits_for_a_first_that_has_not_ended_and_writes_when_that_is_gone() throws Exception {
        try (Connection dying = database.admin().connect();
                Statement statement = dying.createStatement()) {
            dying.setAutoCommit(false);
            statement.execute("INSERT INTO idempotency_keys (idempotency_key, fingerprint, created_at)"
                    + " VALUES ('key', '', UTC_TIMESTAMP(6))");
            CompletableFuture<Answer> repeat = CompletableFuture.supplyAsync(() -> post("/users", "key", ANN));
            Awaitility.await().until(() -> waitsForLock(statement));

            dying.rollback();

            assertThat(repeat.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
        }
        assertThat(database.count("users")).isEqualTo(1);
    }

    @Test
    void the_key_outlives_the_service() {
        Answer first = post("/users", "key", ANN);
        api.close();
        api = RunningApi.readyOn(database);

        assertSame(first, post("/users", "key", ANN));
        assertThat(database.count("users")).isEqualTo(1);
    }

    @Test
    void a_write_that_is_not_captured_leaves_no_key() {
        database.sql().sql("RENAME TABLE sync_queue TO elsewhere").update();
        assertThat(post("/users", "key", ANN).status()).isEqualTo(503);
        database.sql().sql("RENAME TABLE elsewhere TO sync_queue").update();

        assertThat(database.count("idempotency_keys")).isZero();
        assertThat(post("/users", "key", ANN).status()).isEqualTo(201);
    }

    @Test
    void what_is_no_key_is_refused() {
        assertThat(List.of("", " ", "\"\"", "a b", "a,b", "a;b", "\"a", "a\\b", "\"a\"b\""))
                .allSatisfy(key -> assertRefused(post("/users", key, ANN)));
    }

    @Test
    void a_key_is_given_once_and_has_its_length() {
        assertRefused(post("/users", "x".repeat(256), ANN));
        assertRefused(api.send(
                api.json("POST", "/users", ANN).header("Idempotency-Key", "a").header("Idempotency-Key", "b")));
        assertThat(post("/users", "x".repeat(255), ANN).status()).isEqualTo(201);
    }

    @Test
    void old_keys_are_forgotten_and_young_ones_kept() {
        post("/users", "young", ANN);
        for (int i = 0; i < 5; i++) {
            database.sql()
                    .sql("INSERT INTO idempotency_keys VALUES (:key, '', '{}', UTC_TIMESTAMP(6) - INTERVAL 2 HOUR)")
                    .param("key", "old-" + i)
                    .update();
        }

        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> database.count("idempotency_keys") == 1);
    }

    private void assertRefused(Answer refused) {
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("\"field\":\"Idempotency-Key\"", "new random UUID");
        assertThat(database.count("users")).isZero();
    }

    private Answer post(String path, String key, String body) {
        return api.send(api.json("POST", path, body).header("Idempotency-Key", key));
    }

    private static void assertSame(Answer first, Answer second) {
        assertThat(second.status()).isEqualTo(first.status());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    }

    private static boolean waitsForLock(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")) {
            return rows.next() && rows.getLong(1) > 0;
        }
    }
}
