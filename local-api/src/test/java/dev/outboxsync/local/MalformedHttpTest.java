package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RawHttp.RawAnswer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is no HTTP, or none that anybody may read in two ways: refused by the server below us, in our words. */
@ExtendWith(OutputCaptureExtension.class)
class MalformedHttpTest {
    private static final String JSON = "Content-Type: application/json";

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
    void nothing_was_written_and_no_stack_logged(CapturedOutput output) {
        assertThat(database.count("users")).isZero();
        assertThat(database.count("sync_queue")).isZero();
        assertThat(output.getAll()).doesNotContain("\n\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /users?a=\\x00 HTTP/1.1 | Host: localhost | 400
            GET /us\\xffers HTTP/1.1 | Host: localhost | 400
            GET /users/%ff HTTP/1.1 | Host: localhost | 400
            GET /users/%c0%af HTTP/1.1 | Host: localhost | 400
            GET /users/%ed%a0%80 HTTP/1.1 | Host: localhost | 400
            GET /users/%2e%2e%2factuator HTTP/1.1 | Host: localhost | 400
            GET /users/..%5cactuator HTTP/1.1 | Host: localhost | 400
            GET /users\\x5c1 HTTP/1.1 | Host: localhost | 400
            GET /../../etc/passwd HTTP/1.1 | Host: localhost | 400
            GET /..;/..;/etc/passwd HTTP/1.1 | Host: localhost | 400
            GET users HTTP/1.1 | Host: localhost | 400
            GET * HTTP/1.1 | Host: localhost | 400
            GET http:// HTTP/1.1 | Host: localhost | 400
            GET http://other/users/x HTTP/1.1 | Host: localhost | 400
            G\\x00T /users HTTP/1.1 | Host: localhost | 400
            GET /users HTTP/2.0 | Host: localhost | 505
            GET /users http/1.1 | Host: localhost | 400
            GET /users HTTP/1.1 | Host: a b | 400
            GET /users HTTP/1.1 | Host: [::1 | 400
            GET /users HTTP/1.1 | Host: a/b | 400
            GET /users HTTP/1.1 | Host: a@b | 400
            GET /users HTTP/1.1 | Host: localhost~No colon here | 400
            GET /users HTTP/1.1 | Host: localhost~: no name | 400
            GET /users HTTP/1.1 | Host: localhost~X Y: z | 400
            GET /users HTTP/1.1 | Host: localhost~X : z | 400
            GET /users HTTP/1.1 | Host: localhost~X: a\\x00b | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: -1 | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: +5 | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: 5, 5 | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: five | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: 99999999999999999999 | 400
            POST /users HTTP/1.1 | Host: localhost~Content-Length: 5~Content-Length: 6 | 400
            POST /users HTTP/1.1 | Host: localhost~Transfer-Encoding: chunked~Content-Length: 5 | 400
            POST /users HTTP/1.1 | Host: localhost~Transfer-Encoding: chunked, chunked | 400
            POST /users HTTP/1.1 | Host: localhost~Transfer-Encoding: xchunked | 501
            POST /users HTTP/1.1 | Host: localhost~Transfer-Encoding: \\x0bchunked | 400
            """)
    void a_malformed_head_is_refused(String line, String headers, int status) {
        assertRefused(line + "\r\n" + headers.replace("~", "\r\n") + "\r\n" + JSON + "\r\n\r\n", status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            zz~{}~0~~ | 400
            -1~{}~0~~ | 400
            2~{}x~0~~ | 400
            7fffffffffffffff~{} | 400
            fffffffffffffffffff~{} | 400
            2;a=b~[]~0~~ | 400
            5~{} | 400
            2~{} | 400
            `` | 400
            """)
    void a_malformed_chunk_is_refused(String body, int status) {
        String head = "POST /users HTTP/1.1\r\nHost: localhost\r\n" + JSON + "\r\nTransfer-Encoding: chunked\r\n\r\n";

        assertRefused(head + body.replace("~", "\r\n"), status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            \\xef\\xbb\\xbf{"name":"Ann"}
            {"name":"a\\x0ab","email":"a@b"}
            {"name":"a\\xffb","email":"a@b"}
            {"name":"a\\xc0\\xafb","email":"a@b"}
            {"name":"a\\xed\\xa0\\x80b","email":"a@b"}
            {"name":"a\\xf4\\x90\\x80\\x80b","email":"a@b"}
            {'name':'Ann','email':'a@b'}
            {name:"Ann",email:"a@b"}
            {"name":"Ann","email":"a@b",}
            {"name":"Ann" /* a comment */,"email":"a@b"}
            {"name":"a\\x5cqb","email":"a@b"}
            {"name":"a\\x5cu12","email":"a@b"}
            {"name":"Ann","email":"a@b"}{"name":"Bob","email":"b@b"}
            """)
    void a_body_that_is_no_json_is_refused(String body) {
        byte[] octets = octets(body);
        String head = "POST /users HTTP/1.1\r\nHost: localhost\r\n" + JSON + "\r\nContent-Length: " + octets.length
                + "\r\n\r\n";

        assertRefused(head + body, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*/*", "text", "application/*", "/"})
    void a_type_that_is_none_is_refused_whatever_the_address(String type) {
        for (String line : List.of("GET /actuator/health", "GET /users", "POST /users", "PUT /relay/online")) {
            assertRefused(
                    line + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n",
                    415);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health/abc", "/actuator/health/readiness/abc", "/nothing", "/actuator/env"})
    void nothing_is_refused_without_words(String path) {
        assertRefused("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404);
    }

    @Test
    void a_client_that_ends_in_the_middle_of_its_body_writes_nothing() {
        assertRefused(
                "POST /users HTTP/1.1\r\nHost: localhost\r\n" + JSON
                        + "\r\nContent-Length: 90\r\n\r\n{\"name\":\"Ann\",\"email\":\"a@b\"}",
                400);
    }

    private static void assertRefused(String request, int status) {
        RawAnswer answer = new RawHttp(api.port()).send(octets(request));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        api.document().demandDocumented(answer.given("POST", "/users"));
        assertThat(answer.body()).doesNotContainIgnoringCase("<html", "tomcat", "exception", "dev.outboxsync");
    }

    /** The text's octets, with {@code \xNN} for those that no editor shows. */
    private static byte[] octets(String text) {
        return Pattern.compile("\\\\x([0-9a-f]{2})")
                .matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
