package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Site;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the relay answers, right and wrong; {@link RunningRelay} holds each answer to the document. Kafka is away meanwhile. */
class RelayRequestsTest {
    private static SiteMySql mySql;
    private static RunningRelay relay;

    @BeforeAll
    static void start() {
        mySql = new SiteMySql(new Site("site-1"));
        relay = new RunningRelay(mySql, "127.0.0.1:1", "site-1");
    }

    @AfterAll
    static void stop() {
        relay.close();
        mySql.close();
    }

    @Test
    void no_route_is_outside_the_document_and_none_of_it_is_missing() {
        assertThat(relay.routes()).isEqualTo(relay.document().routes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/actuator/health", "/actuator/info", "/actuator/prometheus", "/relay", "/swagger-ui/index.html"
            })
    void what_is_shown_needs_no_token(String path) {
        assertThat(relay.get(path).statusCode()).isIn(200, 503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/actuator",
                "/actuator/env",
                "/actuator/metrics",
                "/actuator/loggers",
                "/actuator/heapdump",
                "/users"
            })
    void nothing_else_is_shown(String path) {
        assertThat(relay.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void a_page_whose_name_leads_here_is_shown_nothing() {
        assertThat(relay.getAs("evil.example", "/relay").statusCode()).isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | online must be true or false
            {"online":null} | online must be true or false
            {"online":"true"} | online must be true or false without quotes
            {"online":1} | online must be true or false without quotes
            {"online":" "} | online must be true or false without quotes
            {"online":""} | online must be true or false without quotes
            {"on":true} | on is not known here; known: online
            {"online":true,"online":false} |
            [true] |
            `` |
            """)
    void a_wrong_switch_is_refused_and_not_turned(String body, String error) {
        HttpResponse<String> answer = relay.put("/relay/online", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body().replace("\",\"reason\":\"", " ")).contains(error == null ? "\"errors\":[]" : error);
        assertThat(relay.get("/relay").body()).contains("\"online\":true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/vnd.api+json", "text/plain"})
    void a_switch_in_another_format_is_not_turned(String contentType) {
        HttpResponse<String> answer = relay.putAs(contentType, "/relay/online", "{\"online\":false}");

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
        assertThat(relay.get("/relay").body()).contains("\"online\":true");
    }

    @Test
    void a_cycle_without_kafka_says_what_happens_next() {
        HttpResponse<String> answer = relay.run();

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("The relay tries again by itself.");
        assertThat(relay.runWithoutToken().statusCode()).isEqualTo(401);
    }
}
