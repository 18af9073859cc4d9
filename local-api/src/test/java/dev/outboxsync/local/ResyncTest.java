package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server-dependent")
class ResyncTest {
    private static SiteDatabase database;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database);
        api.post("/users", "{\"name\":\"first\",\"email\":\"first@example.org\"}");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync/resync", "/sync/capture"})
    void it_needs_the_token(String path) {
        assertThat(api.post(path, "{}").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"table":"nowhere"}                      | table
            {"from":1}                               | from
            {"table":"users","to":1.5}               | to
            {"table":"users","from":{"id":1}}        | from
            {"table":"users","from":"abc"}           | from
            {"table":"users","from":""}              | from
            {"table":"users","to":"\\ud800"}         | to
            {"table":"users","from":1,"to":"2x"}     | to
            {"table":"nowhere","from":1}             | table
            {"table":"users","delete_missing":"yes"} | delete_missing
            {"table":"users","delete_missing":" "}   | delete_missing
            {"table":"users","delete_missing":""}    | delete_missing
            {"tables":["users"]}                     | tables
            """)
    void a_wrong_request_is_refused_with_its_field_and_queues_nothing(String body, String field) {
        var answer = api.postWithToken("/sync/resync", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").path(0).path("field").asString())
                .isEqualTo(field);
        assertThat(api.get("/sync/status")
                        .json()
                        .path("resyncs")
                        .valueStream()
                        .map(one -> one.path("table_name").asString()))
                .doesNotContain("nowhere");
    }

    @Test
    void a_range_is_queued_and_its_progress_told() {
        List<Long> ids = Stream.of("ann", "ben", "cleo")
                .map(name -> api.post("/users", "{\"name\":\"%1$s\",\"email\":\"%1$s@example.org\"}".formatted(name))
                        .json()
                        .path("id")
                        .asLong())
                .toList();

        var answer = api.postWithToken(
                "/sync/resync", "{\"table\":\"users\",\"from\":%d,\"to\":\"%d\"}".formatted(ids.get(1), ids.get(2)));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"tables\":[\"users\"]}");
        Awaitility.await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            var resync = api.get("/sync/status").json().path("resyncs").path(0);
            assertThat(resync.path("state").asString()).isEqualTo("DONE");
            assertThat(resync.path("queued").asInt()).isEqualTo(2);
        });
    }

    @Test
    void what_a_person_decides_on_is_taken_down_before_the_decision() {
        database.sql().sql("UPDATE sync_site SET resync_due = 'ROWS'").update();

        api.postWithToken("/sync/resync", "{\"table\":\"users\",\"delete_missing\":true}");

        assertThat(api.get("/sync/status")
                        .json()
                        .path("resyncs")
                        .valueStream()
                        .filter(resync -> resync.path("table_name").asString().equals("users"))
                        .map(resync -> resync.path("cause").asString()))
                .as("the newest first")
                .startsWith("REQUESTED", "DB_A_WENT_BACK");
    }

    @Test
    void without_an_admin_it_says_what_it_needs() {
        try (RunningApi withoutAdmin = RunningApi.startedOn(database)) {
            withoutAdmin.awaitReadiness(200);

            var answer = withoutAdmin.postWithToken("/sync/resync", "{}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.body()).contains("DB_A_ADMIN_USER");
        }
    }
}
