package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How the sync stands, retry, and the relay behind this service. */
class StatusTest {
    private static final String STATE = "{\"site\":\"site-1\",\"online\":true,\"leading\":true,\"in_flight\":0,"
            + "\"last_cycle\":null,\"next_cycle_at\":null}";
    private static final String OFFLINE = "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,"
            + "\"detail\":\"The site is offline.\",\"instance\":\"/relay/run\",\"errors\":[]}";

    private final List<String> relayHeard = new ArrayList<>();
    private SiteDatabase database;
    private HttpServer relay;
    /** Until it is down. */
    private volatile CountDownLatch hangs = new CountDownLatch(0);

    private RunningApi api;

    @BeforeEach
    void start() throws IOException {
        database = SiteDatabases.fresh(TestParts.mySql());
        relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        relay.createContext("/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            relayHeard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8) + " "
                    + authorization);
            awaitAwakening();
            boolean refused = exchange.getRequestMethod().equals("POST");
            byte[] answer = (refused ? OFFLINE : STATE).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", refused ? "application/problem+json" : "application/json");
            exchange.sendResponseHeaders(refused ? 409 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        relay.start();
        api = RunningApi.readyOn(
                database, "RELAY_URL=http://127.0.0.1:" + relay.getAddress().getPort() + "/");
    }

    private void awaitAwakening() {
        try {
            hangs.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        api.close();
        relay.stop(0);
    }

    @Test
    void a_relay_that_hangs_holds_up_nobody_else() throws Exception {
        hangs = new CountDownLatch(1);
        // more than there are threads for requests
        ExecutorService clients = Executors.newFixedThreadPool(80);
        try {
            Callable<Answer> look = () -> api.get("/relay");
            Callable<Answer> run = () -> api.postWithToken("/relay/run", "");
            List<Future<Answer>> answers = Stream.concat(
                            Collections.nCopies(20, look).stream(), Collections.nCopies(60, run).stream())
                    .map(clients::submit)
                    .toList();
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> !relayHeard.isEmpty());

            assertThat(api.get("/users").status()).isEqualTo(200);
            for (Future<Answer> looked : answers.subList(0, 20)) {
                assertThat(looked.get().status()).isEqualTo(503);
                assertThat(looked.get().header("Retry-After")).isEqualTo("5");
            }
        } finally {
            hangs.countDown();
            clients.shutdownNow();
        }
    }

    @Test
    void an_empty_queue_has_nothing_to_tell() {
        JsonNode status = api.get("/sync/status").json();

        assertThat(status.propertyNames())
                .containsExactly(
                        "site",
                        "online",
                        "pending",
                        "synced",
                        "failed",
                        "overtaken",
                        "oldest_pending_at",
                        "last_synced_at",
                        "resync_due",
                        "tables",
                        "resyncs",
                        "records",
                        "next");
        assertThat(status.get("site").asString()).isEqualTo("site-1");
        assertThat(status.get("online").asBoolean()).isTrue();
        assertThat(status.get("pending").asInt()).isZero();
        assertThat(status.get("oldest_pending_at").isNull()).isTrue();
        assertThat(status.get("records").isEmpty()).isTrue();
        assertThat(status.get("next").isNull()).isTrue();
    }

    @Test
    void status_counts_and_lists_what_is_in_the_queue() {
        List<Long> entries = users(5);
        becomes(entries.get(0), "SYNCED");
        becomes(entries.get(1), "FAILED");

        JsonNode status = api.get("/sync/status?status=PENDING&limit=2").json();

        assertThat(status.get("pending").asInt()).isEqualTo(3);
        assertThat(status.get("synced").asInt()).isEqualTo(1);
        assertThat(status.get("failed").asInt()).isEqualTo(1);
        assertThat(status.get("oldest_pending_at").asString()).matches("\\d{4}-.*\\.\\d{6}Z");
        assertThat(status.get("last_synced_at").asString()).matches("\\d{4}-.*\\.\\d{6}Z");
        assertThat(ids(status)).containsExactly(entries.get(4), entries.get(3));
        assertThat(status.get("records").get(0).propertyNames())
                .containsExactly(
                        "id",
                        "table_name",
                        "record_id",
                        "operation",
                        "last_updated_at",
                        "sync_status",
                        "retry_count",
                        "last_error");
        JsonNode rest = api.get(status.get("next").asString()).json();
        assertThat(ids(rest)).containsExactly(entries.get(2));
        assertThat(rest.get("next").isNull()).isTrue();
    }

    @Test
    void the_switch_is_unknown_while_the_relay_is_away() {
        relay.stop(0);

        Answer status = api.get("/sync/status");

        assertThat(status.status()).isEqualTo(200);
        assertThat(status.json().get("online").isNull()).isTrue();
        assertThat(api.get("/relay").status()).isEqualTo(503);
        assertThat(api.get("/relay").header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void all_that_failed_is_retried() {
        List<Long> entries = users(3);
        becomes(entries.get(0), "FAILED");
        becomes(entries.get(1), "FAILED");

        Answer answer = api.postWithToken("/sync/retry", "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"retried\":2}");
        assertThat(api.get("/sync/status").json().get("pending").asInt()).isEqualTo(3);
        assertThat(api.get("/sync/status").json().get("failed").asInt()).isZero();
    }

    @Test
    void what_a_later_change_has_overtaken_is_no_problem_any_more() {
        List<Long> entries = users(2);
        database.sql()
                .sql("UPDATE users SET name = 'corrected' ORDER BY id LIMIT 1")
                .update();
        becomes(entries.get(0), "FAILED");
        becomes(entries.get(1), "FAILED");
        becomes(entries.get(1) + 1, "SYNCED");

        JsonNode failed = api.get("/sync/status?status=FAILED").json();
        JsonNode all = api.get("/sync/status").json();

        assertThat(failed.get("failed").asInt()).isEqualTo(1);
        assertThat(failed.get("overtaken").asInt()).isEqualTo(1);
        assertThat(ids(failed)).containsExactly(entries.get(1));
        assertThat(all.at("/records/2/sync_status").asString()).isEqualTo("FAILED");
        assertThat(all.at("/records/2/overtaken_by").asLong()).isEqualTo(entries.get(1) + 1);
        assertThat(api.postWithToken("/sync/retry", "{}").body()).isEqualTo("{\"retried\":1}");
    }

    @Test
    void some_that_failed_are_retried_and_asking_twice_does_no_harm() {
        List<Long> entries = users(3);
        becomes(entries.get(0), "FAILED");
        becomes(entries.get(1), "FAILED");
        String body = "{\"ids\":[" + entries.get(0) + "," + entries.get(0) + "," + entries.get(2) + "]}";

        assertThat(api.postWithToken("/sync/retry", body).body()).isEqualTo("{\"retried\":1}");
        assertThat(api.postWithToken("/sync/retry", body).body()).isEqualTo("{\"retried\":0}");
        assertThat(api.get("/sync/status").json().get("failed").asInt()).isEqualTo(1);
    }

    @Test
    void a_retry_of_what_is_unknown_or_synced_changes_nothing() {
        List<Long> entries = users(2);
        becomes(entries.get(0), "FAILED");
        becomes(entries.get(1), "SYNCED");

        Answer unknown = api.postWithToken("/sync/retry", "{\"ids\":[" + entries.get(0) + ",999]}");
        Answer synced = api.postWithToken("/sync/retry", "{\"ids\":" + entries + "}");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).contains("999");
        assertThat(synced.status()).isEqualTo(409);
        assertThat(api.get("/sync/status").json().get("failed").asInt()).isEqualTo(1);
    }

    @Test
    void a_retry_must_say_what_it_means() {
        assertThat(Stream.of(
                        "{\"ids\":[]}",
                        "{\"ids\":[0]}",
                        "{\"ids\":[null]}",
                        "{\"ids\":[1.5]}",
                        "{\"ids\":[9223372036854775808]}",
                        "{\"ids\":1}",
                        "{\"all\":true}",
                        "[]"))
                .allSatisfy(body -> assertThat(
                                api.postWithToken("/sync/retry", body).status())
                        .isEqualTo(400));
    }

    @Test
    void a_retry_needs_the_token() {
        Answer answer = api.post("/sync/retry", "{}");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void the_relay_hears_what_clients_say_and_its_answers_come_back() {
        Answer shown = api.get("/relay");
        Answer turned = api.send(
                api.json("PUT", "/relay/online", "{\"online\":true}").header("Authorization", "Bearer of-the-client"));
        Answer ran = api.send(api.request("POST", "/relay/run"));

        assertThat(shown.body()).isEqualTo(STATE);
        assertThat(turned.status()).isEqualTo(200);
        assertThat(ran.status()).isEqualTo(409);
        assertThat(ran.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(relayHeard)
                .containsExactly(
                        "GET /relay  null",
                        "PUT /relay/online {\"online\":true} Bearer of-the-client",
                        "POST /relay/run  null");
    }

    @Test
    void nothing_else_is_passed_on_to_the_relay() {
        assertThat(api.get("/relay/actuator/health").status()).isEqualTo(404);
        assertThat(api.delete("/relay").status()).isEqualTo(405);
        assertThat(relayHeard).isEmpty();
    }

    private List<Long> users(int count) {
        var entries = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            entries.add(api.post("/users", "{\"name\":\"Ann\",\"email\":\"ann" + i + "@example.org\"}")
                    .json()
                    .get("sync")
                    .get("id")
                    .asLong());
        }
        return entries;
    }

    /** As the relay does: the row and the totals together. */
    private void becomes(long id, String status) {
        database.sql()
                .sql("UPDATE sync_queue SET sync_status = :status WHERE id = :id")
                .param("status", status)
                .param("id", id)
                .update();
        database.sql()
                .sql("""
                        UPDATE sync_site
                        SET synced = synced + :synced, failed = failed + :failed,
                            last_synced_at = IF(:synced, UTC_TIMESTAMP(6), last_synced_at)
                        """)
                .param("synced", status.equals("SYNCED") ? 1 : 0)
                .param("failed", status.equals("FAILED") ? 1 : 0)
                .update();
    }

    private static List<Long> ids(JsonNode status) {
        return status.get("records")
                .valueStream()
                .map(entry -> entry.get("id").asLong())
                .toList();
    }
}
