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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.outboxsync.campaign.platform.PlatformFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

/** Each way in which the platform may behave, and what comes of it. */
class PlatformClientTest {
    private static final String PAGES = "/api/campaigns";
    private static final String EMPTY_PAGE =
            "{\"data\":[],\"pagination\":{\"page\":1,\"limit\":10,\"total\":0,\"has_more\":false}}";
    private static final WireMockServer PLATFORM = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    private final CallsInMemory log = new CallsInMemory();

    @BeforeAll
    static void start() {
        PLATFORM.start();
    }

    @AfterAll
    static void stop() {
        PLATFORM.stop();
    }

    @BeforeEach
    void reset() {
        PLATFORM.resetAll();
        token(okJson("{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"issued_at\":1}"));
    }

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

    @Test
    void wrong_credentials_are_shown_to_the_platform_once() {
        token(aResponse().withStatus(401));

        assertFailure(client(5), Kind.CREDENTIALS, "CREDENTIALS_REFUSED 401");

        PLATFORM.verify(1, postRequestedFor(urlEqualTo("/auth/token")));
        assertThat(log.made).hasValue(0);
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

    @Test
    void a_refusal_for_the_limit_is_counted_and_obeyed() {
        firstThen(aResponse().withStatus(429).withBody("{\"retry_after\":1}"), okJson(EMPTY_PAGE));
        long begun = System.nanoTime();

        client(3).page(1);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(log.refused).hasValue(1);
        assertThat(log.faults).hasValue(0);
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

    private static void assertFailure(PlatformClient client, Kind kind, String reason) {
        assertThatThrownBy(() -> client.page(1))
                .isInstanceOfSatisfying(
                        PlatformFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessage(reason);
    }

    private static void token(ResponseDefinitionBuilder answer) {
        PLATFORM.stubFor(post("/auth/token").willReturn(answer));
    }

    private static void pages(ResponseDefinitionBuilder answer) {
        PLATFORM.stubFor(get(urlPathEqualTo(PAGES)).willReturn(answer));
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

    private PlatformClient client(int attempts) {
        return new PlatformClient(
                new PlatformSettings(
                        URI.create(PLATFORM.baseUrl()),
                        "me",
                        "secret",
                        "till-1",
                        10,
                        20,
                        Duration.ofMillis(200),
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(10),
                        attempts,
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200)),
                log);
    }
}
