package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A record and its entry of the queue are written together or not at all. */
@Tag("server-dependent")
class OneTransactionTest {
    private static final String ANN = "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}";

    private SiteDatabase database;
    private RunningApi api;

    @BeforeEach
    void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(
                database,
                "spring.datasource.hikari.data-source-properties.sessionVariables=innodb_lock_wait_timeout=1,lock_wait_timeout=1");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void a_queue_that_is_locked_for_too_long_leaves_no_record() throws SQLException {
        try (Connection foreign = database.admin().connect();
                Statement statement = foreign.createStatement()) {
            foreign.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            foreign.setAutoCommit(false);
            statement.execute("SELECT id FROM sync_queue FOR UPDATE");

            Answer answer = api.post("/users", ANN);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            foreign.rollback();
        }
        assertThat(database.count("users")).isZero();
        assertThat(database.count("sync_queue")).isZero();

        assertThat(api.post("/users", ANN).status()).isEqualTo(201);
    }

    @Test
    void a_table_that_somebody_has_locked_leaves_no_record() throws SQLException {
        try (Connection foreign = database.admin().connect();
                Statement statement = foreign.createStatement()) {
            statement.execute("LOCK TABLES users WRITE");

            Answer answer = api.post("/users", ANN);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
        assertThat(database.count("sync_queue")).isZero();
        assertThat(api.post("/users", ANN).status()).isEqualTo(201);
    }

    @Test
    void without_a_queue_nothing_is_written() {
        database.sql().sql("RENAME TABLE sync_queue TO elsewhere").update();

        assertThat(api.post("/users", ANN).status()).isEqualTo(503);
        assertThat(database.count("users")).isZero();

        database.sql().sql("RENAME TABLE elsewhere TO sync_queue").update();
        assertThat(api.post("/users", ANN).status()).isEqualTo(201);
    }

    @Test
    void a_change_that_no_trigger_captured_is_rolled_back_and_the_service_is_not_ready() {
        assertThat(api.post("/users", ANN).status()).isEqualTo(201);
        database.sql().sql("DROP TRIGGER sync_insert_users").update();
        database.sql().sql("DROP TRIGGER sync_delete_users").update();

        Answer created = api.post("/users", "{\"name\":\"Bob\",\"email\":\"bob@example.org\"}");
        Answer deleted = api.delete("/users/1");

        assertThat(created.status()).isEqualTo(503);
        assertThat(created.body()).contains("are not captured now", "DB_A_ADMIN_USER");
        assertThat(deleted.status()).isEqualTo(503);
        assertThat(database.count("users")).isEqualTo(1);
        assertThat(database.count("sync_queue")).isEqualTo(1);
        api.awaitReadiness(503);
        assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void every_answered_put_of_two_writers_is_in_the_queue_and_the_last_one_is_the_record() throws Exception {
        assertThat(api.post("/users", ANN).status()).isEqualTo(201);
        int times = 50;

        List<CompletableFuture<List<Long>>> writers = IntStream.range(0, 2)
                .mapToObj(writer -> CompletableFuture.supplyAsync(() -> puts(writer, times)))
                .toList();
        for (CompletableFuture<List<Long>> writer : writers) {
            assertThat(writer.get(60, TimeUnit.SECONDS)).doesNotHaveDuplicates().hasSize(times);
        }

        assertThat(database.count("sync_queue")).isEqualTo(1 + 2 * times);
        String lastQueued = database.sql()
                .sql("SELECT payload->>'$.name' FROM sync_queue ORDER BY id DESC LIMIT 1")
                .query(String.class)
                .single();
        assertThat(api.get("/users/1").json().get("name").asString()).isEqualTo(lastQueued);
    }

    private List<Long> puts(int writer, int times) {
        return IntStream.range(0, times)
                .mapToObj(i ->
                        api.put("/users/1", "{\"name\":\"" + writer + "-" + i + "\",\"email\":\"ann@example.org\"}"))
                .map(Answer::json)
                .map(answer -> answer.get("sync"))
                .map((JsonNode sync) -> sync.get("id").asLong())
                .toList();
    }
}
