package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A page of another site, in a browser on this machine: it neither reads nor writes. */
class ForeignPagesTest {
    private static final String USER = "{\"name\":\"Eve\",\"email\":\"eve@example.org\"}";

    private static SiteDatabase database;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(database, "ALLOWED_HOSTS=sync.example.org");
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
            GET /users            | evil.example
            POST /users           | evil.example
            GET /sync/status      | evil.example:8080
            POST /sync/retry      | 127.0.0.1.evil.example
            PUT /relay/online     | localhost.evil.example
            GET /actuator/health  | evil.example
            GET /v3/api-docs      | evil.example
            GET /swagger-ui.html  | evil.example
            OPTIONS /users        | evil.example
            PATCH /nothing        | evil.example
            GET /users            | relay
            GET /users            | 192.0.2.1
            GET /users            | [2001:db8::1]:8080
            """)
    void a_name_that_is_not_the_services_own_is_refused(String line, String host) {
        Answer answer = api.send(request(line).header("Host", host));

        assertThat(answer.status()).as(answer.body()).isEqualTo(421);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("Call it by 127.0.0.1 or localhost.", "\"field\":\"Host\"", "ALLOWED_HOSTS");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost",
        "LocalHost:1",
        "127.0.0.1",
        "127.9.9.9:80",
        "[::1]",
        "sync.example.org",
        "Sync.example.org:443"
    })
    void its_own_names_are_served(String host) {
        assertThat(api.send(api.request("GET", "/users").header("Host", host)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /users       | http://evil.example
            POST /users       | null
            POST /users       | http://localhost:3000
            PUT /users/1      | http://evil.example
            DELETE /users/1   | http://evil.example
            POST /orders      | https://sync.example.org.evil.example
            POST /sync/retry  | http://evil.example
            PUT /relay/online | http://evil.example
            PATCH /users/1    | http://evil.example
            """)
    void a_page_of_another_site_writes_nothing(String line, String origin) {
        Answer answer = api.send(request(line)
                .header("Authorization", "Bearer " + RunningApi.TOKEN)
                .header("Origin", origin));

        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("A page of another site sent this request", "\"field\":\"Origin\"");
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"})
    void what_a_page_may_send_without_asking_is_not_read_either(String type) {
        HttpRequest.Builder request = api.request("POST", "/users")
                .POST(HttpRequest.BodyPublishers.ofString(USER))
                .header("Content-Type", type);

        assertThat(api.send(request).status()).isEqualTo(415);
    }

    @Test
    void a_page_of_another_site_is_not_told_that_it_may_ask_or_read() {
        Answer asked = api.send(api.request("OPTIONS", "/users")
                .header("Origin", "http://evil.example")
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "content-type"));
        Answer read = api.send(api.request("GET", "/users").header("Origin", "http://evil.example"));

        assertThat(asked.http().headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        assertThat(read.http().headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    @Test
    void the_services_own_page_writes() {
        String own = "http://127.0.0.1:" + api.port();

        assertThat(api.send(request("DELETE /users/9").header("Origin", own)).status())
                .isEqualTo(404);
        assertThat(api.send(request("DELETE /users/9").header("Origin", "https://sync.example.org"))
                        .status())
                .isEqualTo(404);
    }

    private static HttpRequest.Builder request(String line) {
        String[] part = line.split(" ", -1);
        return api.json(part[0], part[1], USER);
    }
}
