package dev.outboxsync.campaign.platform;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.outboxsync.campaign.platform.PlatformFailure.Kind;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way in which the platform may behave, and what comes of it. */
class PlatformClientTest extends ScriptedPlatform {
    @Test
    void a_page_is_asked_for_with_the_token_and_the_client_id() {
        pages(okJson(EMPTY_PAGE));

        CampaignPage page = client(3).page(2);

        assertThat(page.items()).isEmpty();
        PLATFORM.verify(
                1,
                postRequestedFor(urlEqualTo("/auth/token")).withHeader("Authorization", equalTo("Basic bWU6c2VjcmV0")));
        PLATFORM.verify(
                1,
                getRequestedFor(urlEqualTo(PAGES + "?page=2&limit=10"))
                        .withHeader("Authorization", equalTo("Bearer t1"))
                        .withHeader("x-client-id", equalTo("till-1")));
    }

    @ParameterizedTest
    @CsvSource({"500", "502", "503", "504", "408"})
    void a_fault_is_tried_again(int status) {
        firstThen(aResponse().withStatus(status), okJson(EMPTY_PAGE));

        client(3).page(1);

        assertThat(log.made).hasValue(2);
        assertThat(log.faults).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_broken_connection_is_tried_again_and_every_request_is_counted(Fault fault) {
        firstThen(aResponse().withFault(fault), okJson(EMPTY_PAGE));

        client(3).page(1);

        assertThat(log.made).hasValue(2);
        PLATFORM.verify(2, getRequestedFor(urlPathEqualTo(PAGES)));
    }

    @Test
    void silence_ends_with_the_read_time_out_and_is_tried_again() {
        firstThen(okJson(EMPTY_PAGE).withFixedDelay(5_000), okJson(EMPTY_PAGE));

        client(3).page(1);

        assertThat(log.made).hasValue(2);
        assertThat(log.faults).hasValue(1);
    }

    @Test
    void a_body_that_drips_ends_with_the_read_time_out_as_well() {
        firstThen(okJson(EMPTY_PAGE).withChunkedDribbleDelay(20, 20_000), okJson(EMPTY_PAGE));

        client(3).page(1);

        assertThat(log.made).hasValue(2);
    }

    @Test
    void attempts_have_an_end() {
        pages(aResponse().withStatus(503));

        assertFailure(client(3), Kind.UNAVAILABLE, "SERVER_ERROR 503");

        assertThat(log.made).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource({"400, REFUSED 400", "403, REFUSED 403", "404, REFUSED 404", "302, REDIRECT_NOT_FOLLOWED 302"})
    void what_can_never_succeed_is_tried_once(int status, String reason) {
        pages(aResponse().withStatus(status).withHeader("Location", PLATFORM.baseUrl() + "/elsewhere"));

        assertFailure(client(5), Kind.REFUSED, reason);

        assertThat(log.made).hasValue(1);
        PLATFORM.verify(0, getRequestedFor(urlEqualTo("/elsewhere")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>",
                "[]",
                "{\"data\":{},\"pagination\":{\"has_more\":false}}",
                "{\"data\":[]}",
                "{\"data\":[],\"pagination\":{\"has_more\":\"no\"}}"
            })
    void an_answer_that_makes_no_sense_is_refused(String body) {
        pages(okJson(body));

        assertThatThrownBy(() -> client(5).page(1)).hasMessageStartingWith("BAD_ANSWER: ");

        assertThat(log.made).hasValue(1);
    }

    @Test
    void an_answer_that_is_too_large_is_refused() {
        pages(okJson("{\"data\":[\"" + "x".repeat(20_000) + "\"]}"));

        assertFailure(client(5), Kind.REFUSED, "BAD_ANSWER: it is larger than 10240 bytes");
    }

    @Test
    void a_refusal_for_the_limit_is_counted_and_obeyed() {
        firstThen(aResponse().withStatus(429).withBody("{\"retry_after\":1}"), okJson(EMPTY_PAGE));
        long begun = System.nanoTime();

        client(3).page(1);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(log.refused).hasValue(1);
        assertThat(log.faults).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "campaign_1, campaign_1",
        "../../auth/token, ..%2F..%2Fauth%2Ftoken",
        "a b?c=d#e;f, a%20b%3Fc%3Dd%23e%3Bf",
        "%2e%2e, %252e%252e",
        "Zoë, Zo%C3%AB"
    })
    void whatever_an_id_holds_it_is_one_segment_of_the_address(String id, String segment) {
        PLATFORM.stubFor(post(urlEqualTo("/api/campaigns/" + segment + "/sync"))
                .willReturn(okJson("{\"success\":true,\"campaign_id\":\"" + id + "\"}")));

        assertThat(client(1).sync(id).syncedAt()).isNull();
    }

    @Test
    void a_call_that_the_breaker_ends_says_what_went_wrong() {
        pages(aResponse().withStatus(503));

        assertThatThrownBy(() -> client(50).page(1)).hasMessage("SERVER_ERROR 503");
    }

    @Test
    void a_sync_that_the_platform_does_not_confirm_is_refused() {
        PLATFORM.stubFor(post("/api/campaigns/c1/sync").willReturn(okJson("{\"success\":false}")));

        assertThatThrownBy(() -> client(5).sync("c1")).hasMessage("SYNC_REFUSED: success is false");
    }

    @Test
    void while_the_platform_fails_calls_are_few_and_it_is_found_when_it_is_back() {
        pages(aResponse().withStatus(503));
        PlatformClient client = client(50);
        assertThatThrownBy(() -> client.page(1)).isInstanceOf(PlatformFailure.class);
        int madeUntilItWasClear = log.made.get();
        assertThat(madeUntilItWasClear).as("the breaker ends the attempts").isLessThan(10);

        pages(okJson(EMPTY_PAGE));
        client.page(1);

        assertThat(log.made).hasValue(madeUntilItWasClear + 1);
    }

    @Test
    void calls_of_a_process_that_was_killed_count_against_the_window() {
        pages(okJson(EMPTY_PAGE));
        log.ages = IntStream.range(0, 20).mapToObj(any -> Duration.ZERO).toList();
        PlatformClient client = client(3);
        client.takeOver();
        long begun = System.nanoTime();

        client.page(1);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    private static void firstThen(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
        PLATFORM.stubFor(get(urlPathEqualTo(PAGES))
                .inScenario("pages")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(first)
                .willSetStateTo("then"));
        PLATFORM.stubFor(get(urlPathEqualTo(PAGES))
                .inScenario("pages")
                .whenScenarioStateIs("then")
                .willReturn(then));
    }
}
