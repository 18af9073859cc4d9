package dev.outboxsync.campaign;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists and answers that are not as they should be: what is wrong is named, and the rest goes on. */
class OddListsTest {
    private static final Manner QUICK =
            new Manner(1_000, Duration.ofMillis(500), Duration.ZERO, Duration.ofHours(1), 0, 0);
    private static final String[] UNLIMITED = {"campaign-pull.platform.calls=1000", "campaign-pull.platform.attempts=3"
    };

    private final WireMockServer wire = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
    private CampaignSite site;

    @BeforeEach
    void fresh() {
        site = new CampaignSite();
        wire.start();
        wire.stubFor(post("/auth/token").willReturn(okJson("{\"access_token\":\"t\",\"expires_in\":60}")));
        wire.stubFor(post(urlMatching("/api/campaigns/.*/sync")).willReturn(okJson("{\"success\":true}")));
    }

    @AfterEach
    void close() {
        wire.stop();
        site.close();
    }

    @Test
    void malformed_items_are_recorded_and_the_rest_is_stored() {
        try (var platform = StandInPlatform.start(QUICK, 25, 0)) {
            platform.campaigns().set(3, "{\"id\":\"campaign_4\",\"name\":7}");
            platform.campaigns().set(14, "null");
            try (RunningPull pull = RunningPull.start(site, platform.url(), UNLIMITED)) {
                JsonNode run = pull.awaitEnd();

                assertThat(run.path("state").asString()).isEqualTo("DONE");
                assertThat(run.at("/campaigns/new").asInt()).isEqualTo(23);
                assertThat(run.at("/campaigns/failed").asInt()).isEqualTo(2);
                assertThat(run.at("/failures/0/campaign_id").asString()).isEqualTo("campaign_4");
                assertThat(run.at("/failures/0/reason").asString()).isEqualTo("MALFORMED: name must be a text");
                assertThat(run.at("/failures/1/page").asInt()).isEqualTo(2);
                assertThat(run.at("/calls/list").asInt()).isEqualTo(3);
            }
        }
    }

    @Test
    void an_id_that_comes_twice_is_stored_once_and_the_list_read_once_more() {
        try (var platform = StandInPlatform.start(QUICK, 25, 0)) {
            platform.campaigns().set(20, StandInPlatform.campaign(1));
            try (RunningPull pull = RunningPull.start(site, platform.url(), UNLIMITED)) {
                JsonNode run = pull.awaitEnd();

                assertThat(run.at("/campaigns/new").asInt()).isEqualTo(24);
                assertThat(run.at("/progress/pass").asInt()).isEqualTo(2);
                assertThat(run.path("problem").asString()).startsWith("LIST_CHANGED: ");
                assertThat(run.at("/campaigns/vanished").asInt()).isZero();
                assertThat(site.events()).isEqualTo(48);
            }
        }
    }

    @Test
    void a_page_that_is_refused_is_given_up_and_the_rest_goes_on() {
        page(1, true);
        wire.stubFor(get(urlPathEqualTo("/api/campaigns"))
                .atPriority(10)
                .willReturn(aResponse().withStatus(400)));
        page(3, false);
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("DONE");
            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(2);
            assertThat(run.at("/failures/0/page").asInt()).isEqualTo(2);
            assertThat(run.at("/failures/0/reason").asString()).isEqualTo("REFUSED 400");
        }
    }

    @Test
    void a_page_that_always_fails_is_told_from_a_platform_that_is_away() {
        page(1, true);
        wire.stubFor(get(urlPathEqualTo("/api/campaigns"))
                .atPriority(10)
                .willReturn(aResponse().withStatus(500)));
        page(3, false);
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("DONE");
            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(2);
            assertThat(run.at("/failures/0/reason").asString()).isEqualTo("SERVER_ERROR 500");
        }
    }

    @Test
    void a_list_that_never_ends_is_left_with_a_reason() {
        wire.stubFor(get(urlPathEqualTo("/api/campaigns")).willReturn(okJson(without(1, true))));
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("problem").asString()).startsWith("ENDLESS_LIST: 3 pages up to 4 list nothing");
            assertThat(run.at("/calls/list").asInt()).isEqualTo(4);
            assertThat(site.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(1);
        }
    }

    @Test
    void an_empty_page_that_others_follow_is_passed_by() {
        page(1, true);
        list(2, "", 10, true);
        list(3, "", 10, true);
        page(4, true);
        page(5, false);
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(3);
            assertThat(run.path("problem").isNull()).isTrue();
        }
    }

    @Test
    void pages_shorter_than_the_platform_says_are_read_to_the_end_beyond_one_that_is_refused() {
        for (int number = 1; number <= 3; number++) {
            list(number, StandInPlatform.campaign(number), 10, number < 3);
        }
        list(2, null, 10, true);
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(2);
            assertThat(run.at("/progress/of_pages").asInt()).isEqualTo(3);
            assertThat(run.at("/failures/0/page").asInt()).isEqualTo(2);
        }
    }

    @Test
    void without_a_total_a_page_that_is_refused_does_not_end_the_list() {
        wire.stubFor(pageIs(1).willReturn(okJson(without(1, true))));
        list(2, null, 1, true);
        wire.stubFor(pageIs(3).willReturn(okJson(without(3, false))));
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("DONE");
            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 422})
    void one_campaign_that_is_refused_keeps_no_other_back(int status) {
        syncOfTheSecond(status);
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.at("/progress/synced").asInt()).isEqualTo(2);
            assertThat(run.at("/calls/sync").asInt()).isEqualTo(3);
            assertThat(run.at("/failures/0/reason").asString()).isEqualTo("NOT_SYNCED: REFUSED " + status);
            assertThat(pull.run().at("/calls/sync").asInt()).isZero();
        }
    }

    @Test
    void a_sync_that_fails_for_ever_is_not_tried_for_ever() {
        syncOfTheSecond(500);
        try (RunningPull pull =
                RunningPull.start(site, wire.baseUrl(), UNLIMITED[0], UNLIMITED[1], "campaign-pull.sync-runs=2")) {
            JsonNode first = pull.awaitEnd();
            assertThat(first.path("state").asString()).isEqualTo("DONE");
            assertThat(first.at("/progress/synced").asInt()).isEqualTo(2);
            assertThat(first.at("/calls/sync").asInt()).isEqualTo(2 + 3);
            assertThat(first.at("/failures/0/reason").asString()).isEqualTo("NOT_SYNCED: SERVER_ERROR 500");

            assertThat(pull.run().at("/failures/0/reason").asString())
                    .isEqualTo("NOT_SYNCED: SERVER_ERROR 500; not tried again by itself");
            assertThat(pull.run().at("/calls/sync").asInt()).isZero();

            syncOfTheSecond(200);
            pull.post("/campaign-pull/retry", "{\"ids\":[\"campaign_2\"]}");
            JsonNode retry = pull.await(run -> run.path("cause").asString().equals("RETRY")
                    && !run.path("finished_at").isNull());
            assertThat(retry.at("/progress/synced").asInt()).isEqualTo(1);
        }
    }

    private void syncOfTheSecond(int status) {
        String three =
                StandInPlatform.campaign(1) + "," + StandInPlatform.campaign(2) + "," + StandInPlatform.campaign(3);
        list(1, three, 10, false);
        wire.stubFor(post("/api/campaigns/campaign_2/sync")
                .atPriority(1)
                .willReturn(aResponse().withStatus(status).withBody("{\"success\":true}")));
    }

    @Test
    void a_campaign_that_the_platform_refuses_to_sync_is_not_asked_for_again_by_itself() {
        page(1, false);
        wire.stubFor(post(urlMatching("/api/campaigns/.*/sync"))
                .willReturn(aResponse().withStatus(403)));
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();
            assertThat(run.at("/failures/0/reason").asString()).isEqualTo("NOT_SYNCED: REFUSED 403");

            assertThat(pull.run().at("/calls/sync").asInt()).isZero();
        }
    }

    @Test
    void refused_credentials_end_the_run_and_are_seen() {
        wire.stubFor(post("/auth/token").willReturn(aResponse().withStatus(401)));
        try (RunningPull pull = RunningPull.start(site, wire.baseUrl(), UNLIMITED)) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("FAILED");
            assertThat(run.path("problem").asString()).startsWith("CREDENTIALS_REFUSED");
            Awaitility.await()
                    .atMost(RunningPull.PATIENCE)
                    .until(() -> pull.get("/actuator/health/readiness").statusCode() == 503);
            assertThat(pull.runs().toString()).doesNotContain("stand-in-password");
        }
    }

    private void page(int number, boolean hasMore) {
        list(number, StandInPlatform.campaign(number), 1, hasMore);
    }

    /** @param items null for a page that is refused */
    private void list(int number, @Nullable String items, int limit, boolean hasMore) {
        wire.stubFor(pageIs(number)
                .willReturn(
                        items == null
                                ? aResponse().withStatus(400)
                                : okJson("{\"data\":[" + items + "],\"pagination\":{\"limit\":" + limit
                                        + ",\"total\":3,\"has_more\":" + hasMore + "}}")));
    }

    private static MappingBuilder pageIs(int number) {
        return get(urlPathEqualTo("/api/campaigns")).withQueryParam("page", equalTo("" + number));
    }

    private static String without(int number, boolean hasMore) {
        return "{\"data\":[" + StandInPlatform.campaign(number) + "],\"pagination\":{\"has_more\":" + hasMore + "}}";
    }
}
