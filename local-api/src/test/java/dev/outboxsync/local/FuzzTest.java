package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RawHttp.RawAnswer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Thousands of requests made from the OpenAPI document, right ones and such that are wrong somewhere. Never a 5xx for a wrong
 * request, no answer outside the document, no row by a refused request, one queue entry for each change, and a healthy
 * service afterwards. {@code -Dfuzz.seed=} makes the same requests again, {@code -Dfuzz.requests=} more of them.
 */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20261125);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1_000);
    private static final int MOST_FAILURES = 20;
    private static final long LONGEST_SECONDS = 9;
    private static final int LONGEST_SHOWN = 1_500;
    private static final String GOOD = "{\"name\":\"Ann\",\"email\":\"afterwards@example.org\"}";

    private final List<String> failures = new ArrayList<>();
    private final Map<Integer, Integer> seen = new TreeMap<>();

    @Test
    void no_request_breaks_the_service_or_writes_without_saying_so(CapturedOutput output) {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        var connection = new SingleConnectionDataSource(
                database.admin().url(),
                database.admin().user(),
                database.admin().password(),
                true);
        try (connection;
                // Nobody listens there: what is passed on to the relay is answered with 503.
                RunningApi api = RunningApi.readyOn(
                        database,
                        "requests.per-second=100000",
                        "RELAY_URL=http://127.0.0.1:1",
                        "local-api.check-every=5s")) {
            JdbcClient sql = JdbcClient.create(connection);
            List<String> routes = api.document().routes().stream().sorted().toList();
            for (int i = 0; i < REQUESTS && failures.size() < MOST_FAILURES; i++) {
                ask(api, sql, routes, i);
            }
            assertThat(failures).isEmpty();
            assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(api.post("/users", GOOD).status()).isEqualTo(201);
        }
        assertThat(output.getAll().split("\\n\\tat ", 2)[0])
                .as("stack traces in the log")
                .isEqualTo(output.getAll());
        // else the generator would have tested nothing
        assertThat(seen).containsKeys(200, 201, 400, 401, 404, 405, 406, 409, 412, 415, 422);
        assertThat(seen.get(200) + seen.get(201)).as("%s", seen).isGreaterThan(REQUESTS / 5);
    }

    private void ask(RunningApi api, JdbcClient sql, List<String> routes, int number) {
        var random = new Random(SEED * 1_000_003 + number);
        var request = new FuzzedRequest(api.document(), routes.get(random.nextInt(routes.size())), random);
        for (int wrong = random.nextInt(3); wrong > 0; wrong--) {
            request.broken();
        }
        byte[] octets = request.octets();
        Books before = Books.of(sql);

        long started = System.nanoTime();
        RawAnswer answer = new RawHttp(api.port()).send(octets);
        long took = Duration.ofNanos(System.nanoTime() - started).toSeconds();

        String told = "-Dfuzz.seed=%d, request %d:%n%s%n-> %s"
                .formatted(
                        SEED, number, shown(new String(octets, StandardCharsets.ISO_8859_1)), shown(answer.toString()));
        try {
            assertThat(took).as("seconds").isLessThan(LONGEST_SECONDS);
            judge(api, request, answer, before, Books.of(sql));
        } catch (AssertionError | RuntimeException failure) {
            failures.add(told + System.lineSeparator() + shown(failure.toString()));
        }
        seen.merge(answer.status(), 1, Integer::sum);
    }

    private static void judge(RunningApi api, FuzzedRequest request, RawAnswer answer, Books before, Books after) {
        if (answer.status() == 0) {
            // an HTTP/0.9 answer, which has no status, or none at all: the head was not even one
            assertThat(answer.body()).matches("(?s)|\\{.*\"status\":400.*");
            assertThat(after).isEqualTo(before);
            return;
        }
        boolean relayIsAway = request.path().startsWith("/relay") && answer.status() == 503;
        boolean notOffered = answer.status() == 501 || answer.status() == 505;
        if (!relayIsAway && !notOffered) {
            assertThat(answer.status()).isBetween(200, 499);
        }
        api.document().demandDocumented(answer.given(request.method(), request.path()));
        boolean changes =
                answer.status() < 300 && List.of("POST", "PUT", "DELETE").contains(request.method());
        if (!changes) {
            assertThat(after).isEqualTo(before);
        } else if (request.path().matches("/(users|orders).*") && !request.has("idempotency-key")) {
            assertThat(after.queued).isEqualTo(before.queued + 1);
        }
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_SHOWN));
    }

    /** What there is, counted. */
    private record Books(long users, long orders, long queued, long keys) {
        static Books of(JdbcClient sql) {
            return sql.sql("""
                            SELECT (SELECT COUNT(*) FROM users) users, (SELECT COUNT(*) FROM orders) orders,
                                (SELECT COUNT(*) FROM sync_queue) queued, (SELECT COUNT(*) FROM idempotency_keys) `keys`
                            """).query(Books.class).single();
        }
    }
}
