package dev.outboxsync.campaign.platform;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.outboxsync.campaign.platform.PlatformFailure.Kind;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that expire, are refused, or are not given. */
class TokenTest extends ScriptedPlatform {
    @Test
    void a_401_is_answered_with_one_new_token() {
        pages(aResponse().withStatus(401));
        PLATFORM.stubFor(get(urlPathEqualTo(PAGES))
                .withHeader("Authorization", equalTo("Bearer t2"))
                .willReturn(okJson(EMPTY_PAGE)));
        PLATFORM.stubFor(post("/auth/token")
                .inScenario("token")
                .willReturn(okJson("{\"access_token\":\"t1\"}"))
                .willSetStateTo("2"));
        PLATFORM.stubFor(post("/auth/token")
                .inScenario("token")
                .whenScenarioStateIs("2")
                .willReturn(okJson("{\"access_token\":\"t2\"}")));

        client(5).page(1);

        assertThat(log.made).hasValue(2);
    }

    @Test
    void a_401_with_a_new_token_as_well_is_permanent() {
        pages(aResponse().withStatus(401));

        assertFailure(client(5), Kind.CREDENTIALS, "CREDENTIALS_REFUSED 401");

        assertThat(log.made).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"access_token\":\"t1\",\"expires_in\":-5}",
                "{\"access_token\":\"t1\",\"expires_in\":\"soon\",\"issued_at\":{}}",
                "{\"access_token\":\"t1\",\"expires_in\":1e300,\"issued_at\":\"never\"}",
                "{\"access_token\":\"t1\"}"
            })
    void a_token_with_an_odd_life_is_used_nevertheless_and_once_fetched(String answer) {
        token(okJson(answer));
        pages(okJson(EMPTY_PAGE));
        PlatformClient client = client(3);

        client.page(1);
        client.page(2);

        PLATFORM.verify(1, postRequestedFor(urlEqualTo("/auth/token")));
    }

    @Test
    void many_workers_fetch_one_token() {
        token(okJson("{\"access_token\":\"t1\",\"expires_in\":3600}").withFixedDelay(200));
        PLATFORM.stubFor(any(anyUrl()).atPriority(10).willReturn(okJson("{\"success\":true}")));
        PlatformClient client = client(3);

        IntStream.range(0, 8).parallel().forEach(number -> client.sync("campaign_" + number));

        PLATFORM.verify(1, postRequestedFor(urlEqualTo("/auth/token")));
    }

    @ParameterizedTest
    @CsvSource({"1", "1.5", "2"})
    void a_token_is_no_older_than_the_call_however_long_the_limit_made_it_wait(String life) {
        token(okJson("{\"access_token\":\"t1\",\"expires_in\":" + life + "}"));
        PlatformClient client = QuickClient.of(PLATFORM.baseUrl(), 3, 1, Duration.ofSeconds(2), log);

        client.page(1);
        client.page(2);

        var token = PLATFORM.findAll(postRequestedFor(urlEqualTo("/auth/token")));
        var page = PLATFORM.findAll(getRequestedFor(urlEqualTo(PAGES + "?page=2&limit=10")));
        assertThat(token).hasSize(2);
        assertThat(Duration.between(
                        token.get(1).getLoggedDate().toInstant(),
                        page.get(0).getLoggedDate().toInstant()))
                .isLessThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"429", "503"})
    void a_pause_that_the_demand_for_a_token_is_told_is_kept(int status) {
        tokenAfter(aResponse().withStatus(status).withHeader("Retry-After", "1"));
        long begun = System.nanoTime();

        client(3).page(1);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        PLATFORM.verify(2, postRequestedFor(urlEqualTo("/auth/token")));
        assertThat(log.made).as("calls that count against the limit").hasValue(1);
        assertThat(log.refused).hasValue(0);
        assertThat(log.faults).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403"})
    void denied_credentials_are_not_shown_again(int status) {
        token(aResponse().withStatus(status));

        assertFailure(client(5), Kind.CREDENTIALS, "CREDENTIALS_REFUSED " + status);

        PLATFORM.verify(1, postRequestedFor(urlEqualTo("/auth/token")));
        assertThat(log.made).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <html> | NO_TOKEN: BAD_ANSWER: it is not a JSON object",
                "200 | {\"access_token\":7} | NO_TOKEN: BAD_ANSWER: access_token must be a word",
                "200 | {\"access_token\":\"a b\"} | NO_TOKEN: BAD_ANSWER: access_token must be a word",
                "204 | | NO_TOKEN: BAD_ANSWER: it is not a JSON object",
                "302 | | NO_TOKEN: REDIRECT_NOT_FOLLOWED 302",
                "404 | {} | NO_TOKEN: REFUSED 404",
                "500 | {} | SERVER_ERROR 500",
                "429 | {\"retry_after\":0} | RATE_LIMITED 429"
            })
    void a_token_that_is_not_given_is_no_fault_of_the_page_and_may_come_yet(int status, String body, String reason) {
        token(aResponse()
                .withStatus(status)
                .withHeader("Location", "/elsewhere")
                .withBody(body));

        assertFailure(client(3), status == 429 ? Kind.LIMITED : Kind.UNAVAILABLE, reason);

        PLATFORM.verify(3, postRequestedFor(urlEqualTo("/auth/token")));
        PLATFORM.verify(0, postRequestedFor(urlEqualTo("/elsewhere")));
        assertThat(log.made).hasValue(0);
    }

    private static void tokenAfter(ResponseDefinitionBuilder first) {
        PLATFORM.stubFor(post("/auth/token")
                .inScenario("first")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(first)
                .willSetStateTo("then"));
    }
}
