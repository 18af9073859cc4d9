package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client of good faith sends, byte for byte, at a socket: refused in our words, and nothing written. */
class HostileRequestsTest {
    private static final String USER = "{\"name\":\"Zo\u00eb\",\"email\":\"new@example.org\"}";

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

    @AfterEach
    void nothing_was_written() {
        assertThat(database.count("users")).isZero();
        assertThat(database.count("sync_queue")).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /users HTTP/1.1 | Content-Type: application/json;charset=UTF-16 | UTF-16 | 415
            POST /users HTTP/1.1 | Content-Type: application/json | UTF-16 | 400
            POST /users HTTP/1.1 | Content-Type: application/json | UTF-16LE | 400
            POST /users HTTP/1.1 | Content-Type: application/json | UTF-32 | 400
            POST /users HTTP/1.1 | Content-Type: application/json;charset=ISO-8859-1 | ISO-8859-1 | 415
            POST /users HTTP/1.1 | Content-Type: application/json;charset=nonsense | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: json | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/vnd.api+json | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/json, text/plain | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Encoding: gzip | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Encoding: br | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/json~Transfer-Encoding: gzip | UTF-8 | 501
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Length: 7 | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json~Expect: a-cake | UTF-8 | 417
            POST /users HTTP/1.1 | Content-Type: application/json~Accept: nonsense | UTF-8 | 406
            POST /users HTTP/1.1 | Content-Type: application/json~Accept: text/html | UTF-8 | 406
            POST /users HTTP/1.1 | Content-Type: application/json~Accept: application/json;charset=utf-16 | UTF-8 | 406
            POST /users HTTP/1.1 | Content-Type: application/json~Accept: */*, application/json;charset="latin1" | UTF-8 | 406
            GET /actuator/health HTTP/1.1 | Accept: , | UTF-8 | 406
            GET /actuator/info HTTP/1.1 | Accept: application/json;charset=iso-8859-1 | UTF-8 | 406
            POST /sync/retry HTTP/1.1 | Accept: text/html,,x | UTF-8 | 406
            POST /users HTTP/1.1 | Content-Type: application/json~Host: b | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json;charset=utf-7 | UTF-8 | 415
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Type: text/plain | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Type: application/json | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json~Content-Encoding: identity~Content-Encoding: gzip | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json~Accept: application/problem+json | UTF-8 | 406
            POST /users HTTP/1.1 | Content-Type: application/json~Idempotency-Key: a~Idempotency-Key: a | UTF-8 | 400
            POST /users HTTP/1.1 | Content-Type: application/json~Idempotency-Key: | UTF-8 | 400
            POST /sync/retry HTTP/1.1 | Content-Type: application/json~Authorization: Bearer token-of-the-tests~Authorization: Bearer x | UTF-8 | 400
            POST /sync/retry HTTP/1.1 | Content-Type: application/json~Authorization: Bearer x~Authorization: Bearer token-of-the-tests | UTF-8 | 400
            POST /sync/retry HTTP/1.1 | Content-Type: application/json~Authorization: Basic dG9rZW4= | UTF-8 | 401
            POST /sync/retry?access_token=token-of-the-tests HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            POST /sync/retry HTTP/1.1 | Content-Type: application/json~X-Forwarded-For: 127.0.0.1~X-Original-URL: /users | UTF-8 | 401
            POST /users/1 HTTP/1.1 | Content-Type: application/json~X-HTTP-Method-Override: DELETE~X-Method-Override: PUT | UTF-8 | 405
            POST /users?_method=DELETE HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            POST /nothing HTTP/1.1 | Content-Type: application/json~X-Original-URL: /users~X-Rewrite-URL: /users | UTF-8 | 404
            POST /users?admin=true HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            POST /users?name=Ann&name=Bob HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            PUT /users/1?if=x HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            GET /users/1?fields=name HTTP/1.1 | Accept: application/json | UTF-8 | 400
            POST /Users HTTP/1.1 | Content-Type: application/json | UTF-8 | 404
            POST /users.json HTTP/1.1 | Content-Type: application/json | UTF-8 | 404
            POST //users HTTP/1.1 | Content-Type: application/json | UTF-8 | 404
            POST /users/../users HTTP/1.1 | Content-Type: application/json | UTF-8 | 404
            POST /x/%2e%2e/users HTTP/1.1 | Content-Type: application/json | UTF-8 | 404
            POST /users%2f HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            POST /users%00 HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            POST /%75sers%zz HTTP/1.1 | Content-Type: application/json | UTF-8 | 400
            PROPFIND /users HTTP/1.1 | Accept: application/json | UTF-8 | 405
            NONSENSE /users HTTP/1.1 | Accept: application/json | UTF-8 | 405
            get /users HTTP/1.1 | Accept: application/json | UTF-8 | 405
            TRACE /users HTTP/1.1 | Accept: application/json | UTF-8 | 405
            CONNECT /users HTTP/1.1 | Accept: application/json | UTF-8 | 501
            POST /users HTTP/1.1 | X-Http-Method-Override: DELETE~Content-Type: text/plain | UTF-8 | 415
            POST /actuator/health HTTP/1.1 | Content-Type: application/json | UTF-8 | 405
            GET /actuator HTTP/1.1 | Accept: application/json | UTF-8 | 404
            GET /users?limit=1%00 HTTP/1.1 | Accept: application/json | UTF-8 | 400
            GET /users?limit=%zz HTTP/1.1 | Accept: application/json | UTF-8 | 400
            GET /users?limit=%ff HTTP/1.1 | Accept: application/json | UTF-8 | 400
            GET /users?=1 HTTP/1.1 | Accept: application/json | UTF-8 | 400
            """)
    void it_is_refused(String line, String headers, String charset, int status) throws IOException {
        byte[] body = USER.getBytes(Charset.forName(charset));
        String head = line + "\r\nHost: localhost\r\n" + headers.replace("~", "\r\n")
                + (headers.contains("Transfer-Encoding") ? "" : "\r\nContent-Length: " + body.length)
                + "\r\nConnection: close\r\n\r\n";

        assertProblem(sent(head, body), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/prometheus", "/actuator/health", "/users"})
    void an_accept_that_names_nothing_is_as_none(String path) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept:\r\nConnection: close\r\n\r\n";

        assertThat(sent(head, new byte[0])).startsWith("HTTP/1.1 200 ");
    }

    private static void assertProblem(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer)
                .contains(
                        "application/problem+json",
                        "X-Content-Type-Options: nosniff",
                        "\"status\":" + status,
                        "\"errors\":[",
                        "\"detail\":\"")
                .doesNotContainIgnoringCase("<html", "tomcat", "exception", "\tat ", "dev.outboxsync");
    }

    private static String sent(String head, byte[] body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
