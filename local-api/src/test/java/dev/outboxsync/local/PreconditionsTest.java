package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says which version he has seen changes that one or none. */
class PreconditionsTest {
    private static SiteDatabase database;
    private static RunningApi api;
    private static RunningApi strict;

    private String path;
    private String seen;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database);
        strict = RunningApi.readyOn(database, "local-api.require-precondition=true");
    }

    @AfterAll
    static void stop() {
        strict.close();
        api.close();
    }

    @BeforeEach
    void a_user_was_seen() {
        database.sql().sql("DELETE FROM users").update();
        Answer created = api.post("/users", user("Ann"));
        path = created.header("Location");
        seen = created.header("ETag");
    }

    @Test
    void every_look_at_the_record_shows_the_same_strong_tag_until_it_changes() {
        assertThat(seen).matches("\"[0-9a-f]{32}\"");
        assertThat(api.get(path).header("ETag")).isEqualTo(seen);
        database.sql().sql("UPDATE sync_queue SET sync_status = 'FAILED'").update();
        assertThat(api.get(path).header("ETag")).isEqualTo(seen);

        String replaced = api.put(path, user("Bob")).header("ETag");

        assertThat(replaced).isNotEqualTo(seen);
        assertThat(api.get(path).header("ETag")).isEqualTo(replaced);
    }

    @Test
    void sql_at_a_prompt_changes_the_tag_even_where_it_leaves_the_time() {
        database.sql()
                .sql("UPDATE users SET name = 'Bea', updated_at = updated_at")
                .update();

        assertThat(api.get(path).header("ETag")).isNotEqualTo(seen);
        assertRefused(replace(api, seen), 412, "Look again");
    }

    @Test
    void a_resync_is_no_change() {
        database.sql().sql("UPDATE users SET id = id, updated_at = updated_at").update();

        assertThat(replace(api, seen).status()).isEqualTo(200);
    }

    @Test
    void a_client_that_has_the_record_is_still_told_how_its_sync_goes() {
        Answer answer = api.send(api.request("GET", path).header("If-None-Match", seen));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"sync_status\":");
    }

    @Test
    void the_version_that_was_seen_is_changed_once() {
        assertThat(replace(api, seen).status()).isEqualTo(200);

        assertRefused(replace(api, seen), 412, "Look again");
        assertRefused(delete(api, seen), 412, "Look again");
        assertThat(delete(api, api.get(path).header("ETag")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", " * ", "%s", "\"a\", %s", "%s,\"b\"", ", %s , ,", "W/\"x\",%s", "\"a,b\", %s", "\"\",%s"})
    void a_header_that_fits_lets_the_change_through(String header) {
        assertThat(replace(api, header.replace("%s", seen)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a\"", "W/%s", "\"a\", \"b\"", "\"*\""})
    void a_header_that_fits_not_is_refused_and_nothing_is_queued(String header) {
        long queued = database.count("sync_queue");

        assertRefused(replace(api, header.replace("%s", seen)), 412, "send the ETag without W/");

        assertThat(database.count("sync_queue")).isEqualTo(queued);
        assertThat(api.get(path).header("ETag")).isEqualTo(seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "%s", "W/%s", "\"a\", %s"})
    void what_must_not_be_there_is_not_replaced(String header) {
        String unwanted = header.replace("%s", seen);

        Answer replaced = api.send(api.json("PUT", path, user("Eve")).header("If-None-Match", unwanted));
        Answer deleted = api.send(api.request("DELETE", path).header("If-None-Match", unwanted));

        assertThat(replaced.status()).isEqualTo(412);
        assertThat(deleted.status()).isEqualTo(412);
        assertThat(deleted.body()).contains("leave the header out", "\"field\":\"If-None-Match\"");
        assertThat(api.get(path).header("ETag")).isEqualTo(seen);
    }

    @Test
    void what_is_not_the_unwanted_version_is_changed() {
        assertThat(api.send(api.request("DELETE", path).header("If-None-Match", "a"))
                        .status())
                .isEqualTo(400);
        assertThat(api.send(api.request("DELETE", path).header("If-None-Match", "\"a\""))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\"a", "a\"", "**", "*, \"a\"", "\"a\" \"b\"", "w/\"a\"", "\"a b\"", ",", "'a'"})
    void a_malformed_header_is_refused(String header) {
        assertRefused(replace(api, header), 400, "quotes included");
        assertRefused(delete(api, header), 400, "quotes included");
    }

    @Test
    @Timeout(20)
    void a_header_made_to_burn_time_or_stack_is_refused_at_once() {
        assertRefused(replace(api, "\"a\"" + ",".repeat(6_000) + "x"), 400, "quotes included");
        assertRefused(replace(api, "\"\",".repeat(2_000) + "x"), 400, "quotes included");
    }

    @Test
    void what_is_not_there_is_not_found_whatever_was_seen() {
        assertThat(api.send(api.request("DELETE", "/users/999").header("If-Match", "*"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_service_may_demand_that_clients_look_first() {
        assertRefused(strict.put(path, user("Bob")), 428, "as If-Match");
        assertRefused(strict.delete(path), 428, "as If-Match");

        assertThat(replace(strict, seen).status()).isEqualTo(200);
        assertThat(delete(strict, "*").status()).isEqualTo(200);
    }

    @Test
    void of_many_who_saw_the_same_one_wins() throws Exception {
        List<CompletableFuture<Integer>> writers = IntStream.range(0, 16)
                .mapToObj(i ->
                        CompletableFuture.supplyAsync(() -> replace(api, seen).status()))
                .toList();

        int won = 0;
        for (CompletableFuture<Integer> writer : writers) {
            int status = writer.get(60, TimeUnit.SECONDS);
            assertThat(status).isIn(200, 412);
            won += status == 200 ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
    }

    private Answer replace(RunningApi service, String seen) {
        return service.send(service.json("PUT", path, user("Bob")).header("If-Match", seen));
    }

    private Answer delete(RunningApi service, String seen) {
        return service.send(service.request("DELETE", path).header("If-Match", seen));
    }

    private static void assertRefused(Answer answer, int status, String cure) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"If-Match\"", cure);
    }

    private static String user(String name) {
        return "{\"name\":\"" + name + "\",\"email\":\"ann@example.org\"}";
    }
}
