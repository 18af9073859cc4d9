package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What campaign-pull answers, right and wrong; {@link RunningPull} holds each answer to the document. */
class PullRequestsTest {
    private static final Manner QUICK =
            new Manner(1_000, Duration.ofMillis(100), Duration.ZERO, Duration.ofHours(1), 0, 0);

    private static CampaignSite site;
    private static StandInPlatform platform;
    private static RunningPull pull;

    @BeforeAll
    static void start() {
        site = new CampaignSite();
        platform = StandInPlatform.start(QUICK, 3, 0);
        pull = RunningPull.start(site, platform.url());
        pull.awaitEnd();
        pull.run();
    }

    @AfterAll
    static void stop() {
        pull.close();
        platform.close();
        site.close();
    }

    @Test
    void no_route_is_outside_the_document_and_none_of_it_is_missing() {
        assertThat(pull.routes()).isEqualTo(pull.document().routes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/info",
                "/actuator/prometheus",
                "/campaign-pull/runs",
                "/swagger-ui/index.html"
            })
    void what_is_shown_needs_no_token(String path) {
        assertThat(pull.get(path).statusCode()).isEqualTo(200);
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
                "/application.yml",
                "/users"
            })
    void nothing_else_is_shown(String path) {
        assertThat(pull.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void runs_are_shown_page_by_page() {
        HttpResponse<String> first = pull.get("/campaign-pull/runs?limit=1");

        assertThat(first.body())
                .contains("\"cause\":\"REQUESTED\"")
                .contains("\"next\":\"/campaign-pull/runs?before=2");
        assertThat(pull.get("/campaign-pull/runs?before=2&limit=1").body())
                .contains("\"cause\":\"SCHEDULE\"")
                .contains("\"next\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=abc", "before=0", "before=1e3", "after=1", "limit=1&limit=2"})
    void a_wrong_parameter_is_refused_and_named(String parameters) {
        HttpResponse<String> answer = pull.get("/campaign-pull/runs?" + parameters);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + parameters.replaceAll("=.*", "") + "\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | 400 | ids must be 1 to 1000 ids
            {"ids":null} | 400 | ids must be 1 to 1000 ids
            {"ids":[]} | 400 | ids must be 1 to 1000 ids
            {"ids":[null]} | 400 | ids must be 1 to 1000 ids
            {"ids":[7]} | 400 | ids.0 must be a text in quotes
            {"ids":[["x"]]} | 400 | one value to each field
            {"ids":[{"id":"x"}]} | 400 | ids.0 must be a text in quotes
            {"ids":"campaign_1"} | 400 | ids
            {"id":["campaign_1"]} | 400 | id is not known here; known: ids
            {"ids":["campaign_1","nobody"]} | 404 | ids holds campaigns that are not known
            {"ids":["'; DROP TABLE campaigns; --"]} | 404 | ids holds campaigns that are not known
            [] | 400 |
            `` | 400 |
            """)
    void a_wrong_retry_is_refused_and_calls_nobody(String body, int status, String error) {
        int calls = platform.calls().size();

        HttpResponse<String> answer = pull.post("/campaign-pull/retry", body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body().replace("\",\"reason\":\"", " ")).contains(error == null ? "\"errors\":[]" : error);
        assertThat(platform.calls()).hasSize(calls);
    }

    @Test
    void who_steers_needs_the_token() {
        assertThat(pull.postWithoutToken("/campaign-pull/runs").statusCode()).isEqualTo(401);
        assertThat(pull.postWithoutToken("/campaign-pull/retry").statusCode()).isEqualTo(401);
    }
}
