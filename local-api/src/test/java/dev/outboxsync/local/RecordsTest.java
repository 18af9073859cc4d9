package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Users and orders over HTTP, each change with its entry of the queue. */
@Tag("server-dependent")
class RecordsTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    private static SiteDatabase database;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void a_user_is_created_and_queued() {
        Answer answer = api.post("/users", """
                {"name":"Ann","email":"ann@example.org"}""");

        assertThat(answer.status()).isEqualTo(201);
        JsonNode user = answer.json();
        assertThat(answer.header("Location")).isEqualTo("/users/" + user.get("id"));
        assertThat(user.propertyNames()).containsExactly("id", "name", "email", "updated_at", "sync");
        assertThat(user.get("name").asString()).isEqualTo("Ann");
        assertThat(user.get("email").asString()).isEqualTo("ann@example.org");
        assertThat(user.get("updated_at").asString()).matches(TIME);
        assertThat(user.get("sync").propertyNames()).containsExactly("id", "operation", "sync_status");
        assertQueued(user, "users", "INSERT");
        assertThat(api.get("/users/" + user.get("id")).json()).isEqualTo(user);
    }

    @Test
    void a_user_is_replaced_and_queued() {
        JsonNode before = user("bob@example.org");

        Answer answer = api.put("/users/" + before.get("id"), """
                {"name":"Bob II","email":"bob2@example.org"}""");

        assertThat(answer.status()).isEqualTo(200);
        JsonNode user = answer.json();
        assertThat(user.get("name").asString()).isEqualTo("Bob II");
        assertThat(user.get("updated_at").asString())
                .isGreaterThan(before.get("updated_at").asString());
        assertQueued(user, "users", "UPDATE");
        assertThat(api.get("/users/" + user.get("id")).json()).isEqualTo(user);
    }

    @Test
    void a_put_of_what_is_there_already_is_a_change_too() {
        JsonNode before = user("carl@example.org");

        JsonNode user = api.put(
                        "/users/" + before.get("id"),
                        "{\"name\":" + before.get("name") + ",\"email\":" + before.get("email") + "}")
                .json();

        assertThat(user.get("sync").get("id").asLong())
                .isGreaterThan(before.get("sync").get("id").asLong());
        assertQueued(user, "users", "UPDATE");
    }

    @Test
    void a_user_is_deleted_and_queued() {
        JsonNode user = user("dora@example.org");

        Answer answer = api.delete("/users/" + user.get("id"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("id", "sync");
        assertThat(answer.json().get("id")).isEqualTo(user.get("id"));
        assertQueued(answer.json(), "users", "DELETE");
        assertThat(api.get("/users/" + user.get("id")).status()).isEqualTo(404);
    }

    @Test
    void an_order_lives_its_life_and_each_step_is_queued() {
        long user = user("eve@example.org").get("id").asLong();

        Answer created = api.post("/orders", "{\"user_id\":" + user + ",\"amount\":12.5}");
        String path = created.header("Location");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().propertyNames())
                .containsExactly("id", "user_id", "amount", "status", "updated_at", "sync");
        assertThat(created.body()).contains("\"amount\":12.50,", "\"status\":\"PENDING\"");
        assertQueued(created.json(), "orders", "INSERT");

        Answer replaced = api.put(path, "{\"user_id\":" + user + ",\"amount\":9999999999.99,\"status\":\"PAID\"}");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.body()).contains("\"amount\":9999999999.99,", "\"status\":\"PAID\"");
        assertQueued(replaced.json(), "orders", "UPDATE");
        assertThat(api.get(path).json()).isEqualTo(replaced.json());

        Answer deleted = api.delete(path);
        assertThat(deleted.status()).isEqualTo(200);
        assertQueued(deleted.json(), "orders", "DELETE");
        assertThat(api.get(path).status()).isEqualTo(404);
    }

    @Test
    void a_list_is_read_page_by_page_to_its_end() {
        List<Long> created = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            created.add(user("list-" + i + "@example.org").get("id").asLong());
        }

        List<Long> seen = new ArrayList<>();
        String next = "/users?after=" + (created.get(0) - 1) + "&limit=2";
        while (next != null) {
            JsonNode page = api.get(next).json();
            assertThat(page.propertyNames()).containsExactly("items", "next");
            page.get("items").forEach(item -> {
                assertThat(item.get("sync").get("operation").asString()).isEqualTo("INSERT");
                seen.add(item.get("id").asLong());
            });
            next = page.get("next").isNull() ? null : page.get("next").asString();
        }

        assertThat(seen).containsSubsequence(created).isSorted();
    }

    @Test
    void a_record_from_before_its_table_was_captured_has_no_sync() {
        JsonNode user = user("old@example.org");
        for (String purge : List.of("UPDATE sync_queue SET sync_status = 'SYNCED'", "DELETE FROM sync_queue")) {
            database.sql()
                    .sql(purge + " WHERE table_name = 'users' AND record_id = :id")
                    .param("id", user.get("id").asString())
                    .update();
        }

        assertThat(api.get("/users/" + user.get("id")).json().get("sync").isNull())
                .isTrue();
    }

    /** Java 17 does not know this one of Unicode 14. */
    @ParameterizedTest
    @ValueSource(strings = {"0000-00-00", "2026-02-00 10:00:00", "2026-00-15"})
    void a_record_whose_time_is_no_day_of_the_calendar_is_shown_and_changed_like_any_other(String time)
            throws Exception {
        long user;
        try (Connection writer = database.admin().connect();
                Statement statement = writer.createStatement()) {
            statement.execute("SET sql_mode = ''");
            statement.execute(
                    "INSERT INTO users (name, email, updated_at) VALUES ('Zoe', '" + time + "@example.org', '" + time
                            + "')",
                    Statement.RETURN_GENERATED_KEYS);
            try (ResultSet keys = statement.getGeneratedKeys()) {
                keys.next();
                user = keys.getLong(1);
            }
            statement.execute("INSERT INTO orders (user_id, amount, status, updated_at) VALUES (" + user
                    + ", 1, 'NEW', '" + time + "')");
        }

        Answer answer = api.get("/users/" + user);
        assertThat(answer.json().get("updated_at").isNull()).isTrue();
        assertThat(api.get("/users?after=" + (user - 1)).http().body()).contains(time + "@example.org");
        assertThat(api.get("/orders").status()).isEqualTo(200);
        Answer put =
                api.put("/users/" + user, "{\"name\":\"Zoe\",\"email\":\"" + time.substring(0, 10) + "@example.org\"}");
        assertThat(put.json().get("updated_at").asString()).matches(TIME);
    }

    @Test
    void a_character_that_is_younger_than_java_is_a_character() {
        int status = api.post("/users", "{\"name\":\"\\ud83e\\udee0\",\"email\":\"\\ud83e\\udee0@example.org\"}")
                .status();

        assertThat(status).isEqualTo(201);
        assertThat(api.get("/users?after=0").body()).contains("\ud83e\udee0@example.org");
    }

    @Test
    void every_character_arrives_as_it_was_sent() {
        String name = "'; DROP TABLE users; -- \\ \" ${jndi:ldap://x} %s <b>\n\uD83D\uDE00é";

        JsonNode user = api.post(
                        "/users",
                        tools.jackson.databind.json.JsonMapper.shared()
                                .writeValueAsString(java.util.Map.of("name", name, "email", "odd@example.org")))
                .json();

        assertThat(user.get("name").asString()).isEqualTo(name);
        assertThat(database.sql()
                        .sql("SELECT payload->>'$.name' FROM sync_queue WHERE id = :id")
                        .param("id", user.get("sync").get("id").asLong())
                        .query(String.class)
                        .single())
                .isEqualTo(name);
    }

    @Test
    void the_trace_of_a_request_goes_with_its_change_and_with_no_other() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        JsonNode traced = api.send(api.json("POST", "/users", """
                        {"name":"Fay","email":"fay@example.org"}""").header("traceparent", trace))
                .json();
        JsonNode malformed = api.send(api.json("POST", "/users", """
                        {"name":"Guy","email":"guy@example.org"}""").header("traceparent", "00-0-0-00'"))
                .json();
        JsonNode untraced = user("hal@example.org");

        assertThat(trace(traced)).isEqualTo(trace);
        assertThat(trace(malformed)).isEqualTo("none");
        assertThat(trace(untraced)).isEqualTo("none");
    }

    private static String trace(JsonNode record) {
        return database.sql()
                .sql("SELECT COALESCE(traceparent, 'none') FROM sync_queue WHERE id = :id")
                .param("id", record.get("sync").get("id").asLong())
                .query(String.class)
                .single();
    }

    private static JsonNode user(String email) {
        Answer answer = api.post("/users", "{\"name\":\"Somebody\",\"email\":\"" + email + "\"}");
        assertThat(answer.status()).isEqualTo(201);
        return answer.json();
    }

    private static void assertQueued(JsonNode answer, String table, String operation) {
        JsonNode sync = answer.get("sync");
        assertThat(sync.get("operation").asString()).isEqualTo(operation);
        assertThat(sync.get("sync_status").asString()).isEqualTo("PENDING");
        assertThat(database.sql()
                        .sql("""
                                SELECT CONCAT_WS(' ', table_name, record_id, operation, sync_status, retry_count)
                                FROM sync_queue WHERE id = :id
                                """)
                        .param("id", sync.get("id").asLong())
                        .query(String.class)
                        .single())
                .isEqualTo(table + " " + answer.get("id") + " " + operation + " PENDING 0");
    }
}
