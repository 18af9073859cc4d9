package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import dev.outboxsync.central.Changes;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloJson;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Site;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people may do with what is in the quarantine, over HTTP. */
class QuarantineTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final JsonMapper JSON = new JsonMapper();
    private static final CentralMySql MY_SQL = new CentralMySql();
    private static RunningCentre centre;
    private TestSite site;

    @BeforeAll
    static void start() {
        centre = RunningCentre.on(
                MY_SQL.database(), "quarantine-" + UUID.randomUUID(), "--central.quarantine.purge-every=100ms");
        await().atMost(LIMIT).until(centre::isReady);
    }

    @AfterAll
    static void stop() {
        centre.close();
        MY_SQL.close();
    }

    @BeforeEach
    void addSite() {
        MY_SQL.execute("DELETE FROM sync_quarantine");
        site = TestSite.withTopics();
    }

    @AfterEach
    void removeSite() {
        MY_SQL.execute("SET GLOBAL read_only = 0");
        site.close();
    }

    private static HttpResponse<byte[]> send(String method, String path) {
        return centre.send(method, path, RunningCentre.TOKEN);
    }

    private static JsonNode json(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private static JsonNode get(String path) {
        return json(send("GET", path), 200);
    }

    private static void demandProblem(HttpResponse<byte[]> answer, int status) {
        JsonNode problem = json(answer, status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problem.get("detail").asString()).isNotBlank();
        assertThat(problem.get("errors").isArray()).isTrue();
    }

    private void sendAndAwait(byte[]... values) {
        site.send(values);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(get("/quarantine?site=" + site.site).get("items"))
                                .hasSize(values.length));
    }

    /** As an older centre would have left it that could not read it. */
    private long keep(byte[] value) {
        MY_SQL.keep(site.site.changesTopic(), value);
        return newest();
    }

    private long newest() {
        return get("/quarantine?limit=1&site=" + site.site).at("/items/0/id").asLong();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/quarantine",
        "GET,/quarantine/1",
        "GET,/quarantine/1/value",
        "GET,/quarantine/1/key",
        "POST,/quarantine/1/retry",
        "DELETE,/quarantine/1",
        "DELETE,/quarantine?site=x"
    })
    void nothing_is_shown_or_done_without_the_token(String method, String path) {
        demandProblem(centre.send(method, path, ""), 401);
        demandProblem(centre.send(method, path, RunningCentre.TOKEN + "x"), 401);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/quarantine?limit=0,400",
        "GET,/quarantine?limit=-1,400",
        "GET,/quarantine?before=abc,400",
        "GET,/quarantine?before=1&before=2,400",
        "GET,/quarantine?site=Site_1,400",
        "GET,/quarantine?site=%0aforged,400",
        "GET,/quarantine?topic=x,400",
        "GET,/quarantine/abc,400",
        "GET,/quarantine/0,400",
        "GET,/quarantine/9223372036854775807,404",
        "GET,/quarantine/18446744073709551616,400",
        "GET,/quarantine/9223372036854775807/value,404",
        "GET,/quarantine/1/headers,404",
        "GET,/quarantine/1?x=y,400",
        "POST,/quarantine/9223372036854775807/retry,404",
        "POST,/quarantine/x/retry,400",
        "DELETE,/quarantine/9223372036854775807,404",
        "DELETE,/quarantine,400",
        "DELETE,/quarantine?limit=1,400",
        "DELETE,/quarantine?site=site-1&limit=1,400",
        "PUT,/quarantine/1,405",
        "GET,/quarantine/1/retry,405",
        "POST,/quarantine,405",
        "GET,/users,404"
    })
    void a_wrong_request_is_a_problem_in_words(String method, String path, int status) {
        demandProblem(send(method, path), status);
    }

    @Test
    void entries_are_listed_from_the_newest_on_without_what_they_hold() {
        sendAndAwait("first".getBytes(UTF_8), null, "third, of ann@example.org".getBytes(UTF_8));

        JsonNode page = get("/quarantine?limit=2&site=" + site.site);
        JsonNode rest = get(page.get("next").asString());

        assertThat(page.get("items"))
                .extracting(entry -> entry.get("offset").asLong())
                .containsExactly(2L, 1L);
        assertThat(rest.get("items"))
                .extracting(entry -> entry.get("offset").asLong())
                .containsExactly(0L);
        assertThat(rest.get("next").isNull()).isTrue();
        assertThat(page.toString()).doesNotContain("ann@");
        JsonNode newest = page.at("/items/0");
        assertThat(newest.propertyNames())
                .containsExactly(
                        "id",
                        "site",
                        "topic",
                        "partition",
                        "offset",
                        "quarantined_at",
                        "reason",
                        "detail",
                        "key_size",
                        "value_size");
        assertThat(newest.get("topic").asString()).isEqualTo(site.site.changesTopic());
        assertThat(newest.get("reason").asString()).isEqualTo("MALFORMED");
        assertThat(newest.get("value_size").asInt()).isEqualTo(25);
        assertThat(newest.get("key_size").isNull()).isTrue();
        assertThat(page.at("/items/1/value_size").isNull()).isTrue();
        assertThat(get("/quarantine?site=nobody").get("items")).isEmpty();
    }

    @Test
    void an_entry_is_exported_byte_for_byte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        var headers = List.<Header>of(new RecordHeader("trace\"parent", all), new RecordHeader("", null));
        site.send(new ProducerRecord<>(site.site.changesTopic(), 0, all, all, headers));
        await().atMost(LIMIT).until(() -> newest() > 0);
        long id = newest();

        HttpResponse<byte[]> value = send("GET", "/quarantine/" + id + "/value");
        JsonNode entry = get("/quarantine/" + id);

        assertThat(value.body()).isEqualTo(all);
        assertThat(send("GET", "/quarantine/" + id + "/key").body()).isEqualTo(all);
        assertThat(value.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(value.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(value.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"quarantine-" + id + ".value\"");
        assertThat(entry.at("/headers/0/0").asString()).isEqualTo("trace\"parent");
        assertThat(entry.at("/headers/0/1").asString()).startsWith("00010203").endsWith("feff");
        assertThat(entry.at("/headers/1/1").isNull()).isTrue();
    }

    @Test
    void what_a_record_came_without_cannot_be_exported() {
        sendAndAwait((byte[]) null);

        demandProblem(send("GET", "/quarantine/" + newest() + "/value"), 404);
        demandProblem(send("GET", "/quarantine/" + newest() + "/key"), 404);
        assertThat(get("/quarantine/" + newest()).get("headers")).isEmpty();
    }

    @Test
    void what_can_be_read_after_an_update_is_applied_and_leaves_the_quarantine() {
        site.send(site.changes.user(1, INSERT, 71, "Ann"), site.changes.user(3, INSERT, 78, "Bob"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(3L));
        long id = keep(site.changes.user(2, UPDATE, 71, "Anna"));

        JsonNode retried = json(send("POST", "/quarantine/" + id + "/retry"), 200);

        assertThat(retried.toString()).isEqualTo("{\"id\":" + id + ",\"outcome\":\"APPLIED\"}");
        assertThat(MY_SQL.users()).containsEntry("71", "Anna u71@example.org");
        demandProblem(send("POST", "/quarantine/" + id + "/retry"), 404);
        site.send(site.changes.user(2, UPDATE, 71, "Anna"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(2L));
    }

    /** A restored DB_A may give its sequence to another change, and nobody would notice. */
    @Test
    void what_its_site_would_send_again_by_itself_is_not_applied() {
        site.send(site.changes.user(1, INSERT, 79, "Ann"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(1L));

        HttpResponse<byte[]> answer =
                send("POST", "/quarantine/" + keep(site.changes.user(2, UPDATE, 79, "Anna")) + "/retry");

        demandProblem(answer, 409);
        assertThat(JSON.readTree(answer.body()).get("detail").asString()).contains("sends this change again by itself");
        assertThat(MY_SQL.users()).containsEntry("79", "Ann u79@example.org");
    }

    /** Its lane has gone on since. */
    @Test
    void a_retry_never_undoes_what_came_later() {
        site.send(site.changes.user(5, INSERT, 72, "New"), site.changes.user(6, INSERT, 73, "Bob"));
        site.send(site.changes.user(7, DELETE, 73, "Bob"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(7L));

        for (byte[] old : List.of(site.changes.user(4, UPDATE, 72, "Old"), site.changes.user(3, INSERT, 73, "Bob"))) {
            JsonNode retried = json(send("POST", "/quarantine/" + keep(old) + "/retry"), 200);
            assertThat(retried.get("outcome").asString()).isEqualTo("SUPERSEDED");
        }
        assertThat(MY_SQL.users()).containsEntry("72", "New u72@example.org").doesNotContainKey("73");
    }

    @Test
    void what_cannot_be_applied_stays_and_the_answer_says_why() {
        site.send(site.changes.user(2, INSERT, 80, "Last"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(2L));
        var whys = new ArrayList<String>();
        for (byte[] value : List.of(
                "{\"v\":1}".getBytes(UTF_8),
                site.changes.order(1, INSERT, 74, 740, "1.00", "NEW"),
                Changes.of(new Site("another")).user(1, INSERT, 75, "Spy"),
                site.changes.inEpoch(9).user(1, INSERT, 76, "Early"),
                site.changes.change(1, "users", Operation.SWEEP, "*", "{\"since\":\"1\"}"),
                HelloJson.write(new Hello(site.site, 1, "token", new AcknowledgementId(0, ""))))) {
            HttpResponse<byte[]> answer = send("POST", "/quarantine/" + keep(value) + "/retry");
            demandProblem(answer, 409);
            whys.add(JSON.readTree(answer.body()).get("detail").asString());
        }

        assertThat(whys).allMatch(why -> why.endsWith("It stays in the quarantine."));
        assertThat(whys.get(0)).contains("WRONG_FIELD site", "Update the centre if the relay is newer, else drop it.");
        assertThat(whys.get(1)).contains("MISSING_PARENT orders.user_id");
        assertThat(whys.get(2)).contains("UNKNOWN_SITE site");
        assertThat(whys.get(3)).contains("epoch");
        assertThat(whys.get(4)).contains("SWEEP");
        assertThat(whys.get(5)).contains("HELLO");
        assertThat(get("/quarantine?site=" + site.site).get("items")).hasSize(6);
        assertThat(MY_SQL.users()).doesNotContainKeys("75", "76");
    }

    @Test
    void what_was_cut_cannot_be_retried_and_the_answer_says_so() {
        long id = keep("{\"v\":1,\"site\":\"cut".getBytes(UTF_8));
        MY_SQL.execute("UPDATE sync_quarantine SET reason = 'TOO_LARGE' WHERE id = " + id);

        HttpResponse<byte[]> answer = send("POST", "/quarantine/" + id + "/retry");

        demandProblem(answer, 409);
        assertThat(JSON.readTree(answer.body()).get("detail").asString())
                .contains("It was too large", "write the row anew", "It stays in the quarantine.");
    }

    @Test
    void a_form_in_the_body_is_not_taken_for_the_address() {
        sendAndAwait("a".getBytes(UTF_8));

        for (String form : List.of("site=" + site.site, "a=%zz")) {
            demandProblem(centre.sendForm("DELETE", "/quarantine", form), 400);
        }

        assertThat(get("/quarantine?site=" + site.site).get("items")).hasSize(1);
    }

    @Test
    void entries_are_dropped_one_by_one_or_all_of_a_site() {
        sendAndAwait("a".getBytes(UTF_8), "b".getBytes(UTF_8), "c".getBytes(UTF_8));
        MY_SQL.keep("sync.changes.other", "d".getBytes(UTF_8));

        assertThat(json(send("DELETE", "/quarantine/" + newest()), 200).toString())
                .isEqualTo("{\"dropped\":1}");
        assertThat(json(send("DELETE", "/quarantine?site=" + site.site), 200).toString())
                .isEqualTo("{\"dropped\":2}");

        assertThat(get("/quarantine").get("items"))
                .extracting(entry -> entry.get("site").asString())
                .containsExactly("other");
    }

    @Test
    void old_entries_are_dropped_by_themselves() {
        sendAndAwait("a".getBytes(UTF_8), "b".getBytes(UTF_8));
        MY_SQL.execute(
                "UPDATE sync_quarantine SET quarantined_at = UTC_TIMESTAMP() - INTERVAL 91 DAY WHERE id = " + newest());

        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(get("/quarantine?site=" + site.site).get("items"))
                                .hasSize(1));
    }

    @Test
    void while_the_database_takes_no_writes_the_answer_is_to_try_again_later() {
        site.send(site.changes.user(2, INSERT, 81, "Last"));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).contains(2L));
        long id = keep(site.changes.user(1, INSERT, 77, "Ann"));
        MY_SQL.execute("SET GLOBAL super_read_only = 1");

        demandProblem(send("DELETE", "/quarantine/" + id), 503);
        demandProblem(send("POST", "/quarantine/" + id + "/retry"), 503);
        MY_SQL.execute("SET GLOBAL read_only = 0");

        json(send("POST", "/quarantine/" + id + "/retry"), 200);
    }

    @Test
    void who_only_looks_while_the_database_is_not_as_it_must_be_has_changed_nothing() {
        MY_SQL.execute("RENAME TABLE sync_quarantine TO elsewhere");
        try {
            HttpResponse<byte[]> answer = send("GET", "/quarantine");

            demandProblem(answer, 503);
            assertThat(new String(answer.body(), UTF_8)).contains("Nothing was changed: try again.");
        } finally {
            MY_SQL.execute("RENAME TABLE elsewhere TO sync_quarantine");
        }
    }
}
