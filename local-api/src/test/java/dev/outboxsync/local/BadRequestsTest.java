package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a request: a problem that names the field, nothing of the machine room, and nothing written. */
class BadRequestsTest {
    private static final String GOOD_USER = "{\"name\":\"Ann\",\"email\":\"new@example.org\"}";
    private static final String NONE = "";

    private static SiteDatabase database;
    private static RunningApi api;
    private static String books;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        // So long is the body waited for that one of the requests announces twice and does not send.
        api = RunningApi.readyOn(database, "server.tomcat.connection-timeout=3s");
        assertThat(api.post("/users", "{\"name\":\"Taken\",\"email\":\"taken@example.org\"}")
                        .status())
                .isEqualTo(201);
        assertThat(api.post("/users", "{\"name\":\"Free\",\"email\":\"free@example.org\"}")
                        .status())
                .isEqualTo(201);
        assertThat(api.post("/orders", "{\"user_id\":1,\"amount\":1}").status()).isEqualTo(201);
        books = books();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @AfterEach
    void nothing_was_written() {
        assertThat(books()).isEqualTo(books);
    }

    static List<Arguments> bodies() {
        var cases = new ArrayList<Arguments>();
        for (String body :
                List.of("", "{", "[]", "null", "1", "\"x\"", "{}{}", GOOD_USER + " x", "[" + GOOD_USER + "]")) {
            cases.add(Arguments.of("POST", "/users", body, 400, NONE));
        }
        cases.add(user("{\"name\":\"Ann\",\"email\":\"new@example.org\",\"id\":7}", "id"));
        cases.add(user("{\"name\":\"Ann\",\"email\":\"new@example.org\",\"updated_at\":\"2026-01-01\"}", "updated_at"));
        cases.add(user("{\"name\":\"Ann\",\"emial\":\"new@example.org\"}", "emial"));
        cases.add(user("{\"name\":\"Ann\",\"email\":\"new@example.org\",\"name\":\"Bob\"}", NONE));
        cases.add(user("{\"email\":\"new@example.org\"}", "name"));
        for (String name : List.of(
                "null",
                "\"\"",
                "\"  \\t\\n\"",
                "\"\\u200b\\u2060\\ufeff\"",
                "\"\\u3164\"",
                "7",
                "7.5",
                "true",
                "[]",
                "{}",
                "\"a\\u0000b\"",
                "\"a\\ud800b\"",
                "\"" + "x".repeat(201) + "\"")) {
            cases.add(user("{\"name\":" + name + ",\"email\":\"new@example.org\"}", "name"));
        }
        for (String email : List.of(
                "null",
                "\"\"",
                "\"ann\"",
                "\"@b\"",
                "\"a@\"",
                "\"a@b@c\"",
                "\"a b@c\"",
                "\"a@b\\r\\nBcc: c@d\"",
                "\"a@b\\u0000\"",
                "\"a@b\\u200b\"",
                "\"a@b\\u202e\"",
                "\"\\ufeffa@b\"",
                "\"taken@example.org \"",
                "\"taken@example.org\\u00a0\"",
                "\"\\\"a b\\\"@c\"",
                "\"\\\"a@b\\\"@c\"",
                "\"Ann <a@b>\"",
                "\"a\\udc00@b\"",
                "7",
                "\"a@" + "x".repeat(253) + "\"")) {
            cases.add(user("{\"name\":\"Ann\",\"email\":" + email + "}", "email"));
        }
        for (String amount : List.of(
                "-1",
                "-0.01",
                "1.999",
                "0.005",
                "NaN",
                "Infinity",
                "\"NaN\"",
                "\"1.00\"",
                "\"\"",
                "true",
                "null",
                "1e309",
                "1e400000000",
                "1e2147483648",
                "-Infinity",
                "+1",
                "01",
                ".5",
                "1.",
                "0x10",
                "1_000",
                "\uff11",
                "1e-400000000",
                "9999999999.995",
                "10000000000",
                "12345678901",
                "9".repeat(5000))) {
            boolean isJson = amount.matches("-?(?:0|[1-9][0-9]{0,999})(?:\\.[0-9]+)?(?:e-?[0-9]+)?|\".*\"|true|null");
            String field = isJson ? "amount" : NONE;
            cases.add(order("{\"user_id\":1,\"amount\":" + amount + "}", field));
        }
        for (String user : List.of(
                "1.9",
                "1.0",
                "\"1\"",
                "0",
                "-1",
                "1e2",
                "1e0",
                "null",
                "true",
                "18446744073709551616",
                "9223372036854775808",
                "[1]")) {
            cases.add(order("{\"user_id\":" + user + ",\"amount\":1}", "user_id"));
        }
        for (String status : List.of("\"\"", "\"a b\"", "\"PAID!\"", "\"é\"", "7", "\"" + "x".repeat(21) + "\"")) {
            cases.add(order("{\"user_id\":1,\"amount\":1,\"status\":" + status + "}", "status"));
        }
        cases.add(Arguments.of("PUT", "/users/1", "{\"name\":\"Ann\"}", 400, "email"));
        cases.add(Arguments.of("PUT", "/orders/1", "{\"user_id\":1,\"amount\":1}", 400, "status"));
        cases.add(Arguments.of("PUT", "/users/99", GOOD_USER, 404, NONE));
        cases.add(Arguments.of("PUT", "/orders/99", "{\"user_id\":1,\"amount\":1,\"status\":\"A\"}", 404, NONE));
        cases.add(Arguments.of("POST", "/users", "{\"name\":\"Ann\",\"email\":\"TAKEN@example.org\"}", 409, "email"));
        cases.add(Arguments.of(
                "POST", "/users", "{\"name\":\"Ann\",\"email\":\"\uff54aken@EXAMPLE.org\"}", 409, "email"));
        cases.add(Arguments.of("PUT", "/users/2", "{\"name\":\"Ann\",\"email\":\"taken@example.org\"}", 409, "email"));
        cases.add(Arguments.of("POST", "/orders", "{\"user_id\":99,\"amount\":1}", 422, "user_id"));
        cases.add(Arguments.of("PUT", "/orders/1", "{\"user_id\":99,\"amount\":1,\"status\":\"A\"}", 422, "user_id"));
        cases.add(Arguments.of("POST", "/users", "[".repeat(30_000), 400, NONE));
        cases.add(Arguments.of("POST", "/users", " ".repeat(70_000) + GOOD_USER, 413, NONE));
        return cases;
    }

    @ParameterizedTest(name = "{0} {1} [{index}]")
    @MethodSource("bodies")
    void a_bad_body_is_refused(String method, String path, String body, int status, String field) {
        Answer answer = api.send(api.json(method, path, body).timeout(Duration.ofSeconds(5)));

        assertProblem(answer, status, field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /users/abc 400 id",
                "GET /users/0 400 id",
                "GET /users/-1 400 id",
                "GET /users/1.5 400 id",
                "GET /users/01 400 id",
                "GET /users/18446744073709551616 400 id",
                "GET /users/1e2 400 id",
                "GET /users/+1 400 id",
                "GET /users/%2B1 400 id",
                "GET /users/1%20 400 id",
                "GET /users/%EF%BC%91 400 id",
                "GET /users/%D9%A1 400 id",
                "GET /users/1%00 400",
                "GET /users//1 404",
                "GET //users 404",
                "DELETE /users/1%2f..%2f2 400",
                "GET /users?limit=%EF%BC%91 400 limit",
                "GET /users?limit=%D9%A1 400 limit",
                "GET /users?limit=+5 400 limit",
                "GET /users?limit=%205 400 limit",
                "GET /users?limit%5B%5D=5 400 limit[]",
                "GET /users?Limit=5 400 Limit",
                "GET /users?limit=5;after=1 400 limit",
                "GET /sync/status?status=PENDING&status=FAILED 400 status",
                "GET /sync/status?status=PENDING,FAILED 400 status",
                "GET /users/%F0%9F%98%80 400 id",
                "GET /users/1%3Bx 400 id",
                "GET /users/%27%20OR%201=1%20-- 400 id",
                "PUT /users/abc 415",
                "GET /users/1;x 400",
                "DELETE /users/2;x=y 400",
                "GET /users;x 400",
                "GET /users/1/ 404",
                "GET /nothing 404",
                "GET /error 404",
                "GET /users/99 404",
                "DELETE /users/99 404",
                "DELETE /orders/99 404",
                "DELETE /users/1 409",
                "GET /users?limit=-1 400 limit",
                "GET /users?limit= 400 limit",
                "GET /orders?after 400 after",
                "GET /sync/status?status= 400 status",
                "GET /users?limit=0 400 limit",
                "GET /users?limit=abc 400 limit",
                "GET /users?limit=1&limit=2 400 limit",
                "GET /users?after=-5 400 after",
                "GET /users?after=00 400 after",
                "GET /users?offset=5 400 offset",
                "GET /orders?after=1e3 400 after",
                "GET /sync/status?limit=-5 400 limit",
                "GET /sync/status?limit=99999999999999999999 400 limit",
                "GET /sync/status?before=x 400 before",
                "GET /sync/status?before=0 400 before",
                "GET /sync/status?status=XYZ 400 status",
                "GET /sync/status?status=pending 400 status",
                "GET /sync/status?status=PENDING%27 400 status",
                "GET /actuator/env 404",
                "GET /actuator/beans 404",
                "GET /..;/actuator/env 400",
            })
    void a_bad_address_is_refused(String example) {
        String[] part = example.split(" ", -1);

        Answer answer = api.send(api.request(part[0], part[1]));

        assertProblem(answer, Integer.parseInt(part[2]), part.length > 3 ? part[3] : NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "100000000000"})
    void a_great_limit_is_capped(String limit) {
        assertThat(api.get("/sync/status?limit=" + limit).json().get("records").size())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATCH /users/1", "DELETE /users", "PUT /users", "POST /users/1", "GET /sync/retry"})
    void a_method_that_is_not_offered_is_refused_with_those_that_are(String example) {
        String[] part = example.split(" ", -1);

        Answer answer = api.send(api.request(part[0], part[1]));

        assertProblem(answer, 405, NONE);
        assertThat(answer.header("Allow")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""})
    void a_body_that_is_not_json_is_refused(String type) {
        HttpRequest.Builder request = api.request("POST", "/users").POST(BodyPublishers.ofString(GOOD_USER));

        assertProblem(api.send(type.isEmpty() ? request : request.header("Content-Type", type)), 415, NONE);

        HttpRequest.Builder change = api.request("PUT", "/users/1").PUT(BodyPublishers.ofString("a=%zz"));
        assertProblem(api.send(type.isEmpty() ? change : change.header("Content-Type", type)), 415, NONE);
    }

    @Test
    void an_answer_that_is_not_json_cannot_be_asked_for() {
        assertProblem(api.send(api.request("GET", "/users").header("Accept", "application/xml")), 406, NONE);
        assertProblem(api.send(api.json("POST", "/users", GOOD_USER).header("Accept", "application/xml")), 406, NONE);
    }

    @Test
    void a_refusal_is_json_whatever_is_asked_for() {
        assertProblem(api.send(api.request("GET", "/nothing").header("Accept", "text/html")), 404, NONE);
        assertProblem(
                api.send(api.json("POST", "/users", "{\"email\":\"a@b\"}").header("Accept", "application/*")),
                400,
                "name");
    }

    @Test
    void text_that_is_not_utf_8_is_refused() {
        byte[] body = GOOD_USER.replace("Ann", "Zo\u00eb").getBytes(StandardCharsets.ISO_8859_1);

        assertProblem(
                api.send(api.request("POST", "/users")
                        .POST(BodyPublishers.ofByteArray(body))
                        .header("Content-Type", "application/json")),
                400,
                NONE);
    }

    @Test
    void an_endless_body_is_cut_off() {
        byte[] blanks = " ".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        InputStream endless =
                new SequenceInputStream(Collections.enumeration(Collections.nCopies(1_000, blanks).stream()
                        .map(ByteArrayInputStream::new)
                        .toList()));

        HttpRequest.Builder request = api.request("POST", "/users")
                .POST(BodyPublishers.ofInputStream(() -> endless))
                .header("Content-Type", "application/json");

        try {
            assertProblem(api.send(request), 413, NONE);
        } catch (UncheckedIOException cutOffWhileSending) {
            assertThat(cutOffWhileSending).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void a_chunked_body_over_the_limit_is_refused() {
        byte[] body = ("{\"name\":\"" + "x".repeat(70_000)).getBytes(StandardCharsets.US_ASCII);

        assertProblem(
                api.send(api.request("POST", "/users")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                        .header("Content-Type", "application/json")),
                413,
                NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRACE /users HTTP/1.1\r\nHost: localhost\r\n",
                "GET /% HTTP/1.1\r\nHost: localhost\r\n",
                "GET /users HTTP/1.1\r\n",
                "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "GET /a|b HTTP/1.1\r\nHost: localhost\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\n",
                "NONSENSE\r\n",
            })
    void what_is_refused_below_the_application_shows_nothing_either(String head) throws IOException {
        String answer = raw(head + "Connection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 (4\\d\\d|501|505) .*");
        assertThat(answer).doesNotContainIgnoringCase("<html", "tomcat", "exception", "\tat ");
        assertThat(answer.contains("\r\n\r\n{") ? answer : "application/problem+json")
                .contains("application/problem+json");
    }

    private static Arguments user(String body, String field) {
        return Arguments.of("POST", "/users", body, 400, field);
    }

    private static Arguments order(String body, String field) {
        return Arguments.of("POST", "/orders", body, 400, field);
    }

    private static void assertProblem(Answer answer, int status, String field) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().propertyNames())
                .containsExactlyInAnyOrder("type", "title", "status", "detail", "instance", "errors");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        List<String> fields = answer.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("field").asString())
                .toList();
        assertThat(fields).isEqualTo(field.isEmpty() ? List.of() : List.of(field));
        assertThat(answer.body())
                .doesNotContainIgnoringCase("exception", "SELECT ", "INSERT ", "dev.outboxsync", "jackson");
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String books() {
        return database.sql().sql("""
                        SELECT CONCAT_WS(' ', (SELECT GROUP_CONCAT(id, name, email, updated_at) FROM users),
                            (SELECT GROUP_CONCAT(id, amount, status, updated_at) FROM orders),
                            (SELECT COUNT(*) FROM sync_queue))
                        """).query(String.class).single();
    }
}
