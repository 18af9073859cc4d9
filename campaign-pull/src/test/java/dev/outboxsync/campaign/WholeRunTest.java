package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Call;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Against a platform that behaves as described, sixty times faster. */
class WholeRunTest {
    private static final int CAMPAIGNS = 100;
    private static final Manner DESCRIBED =
            new Manner(10, Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofHours(1), 5, 10);

    /** So long that on a slow machine, too, two clients want more than fits into it. */
    private static final Manner IN_A_LONG_WINDOW =
            new Manner(10, Duration.ofSeconds(2), Duration.ofMillis(5), Duration.ofHours(1), 5, 10);

    private static final String LONG_WINDOW = "campaign-pull.platform.window=2s";
    private static final String PATIENT = "campaign-pull.platform.attempts=20";

    private CampaignSite site;

    @BeforeEach
    void fresh() {
        site = new CampaignSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void all_campaigns_come_with_the_calls_that_are_necessary_and_no_refusal() {
        try (var platform = StandInPlatform.start(DESCRIBED, CAMPAIGNS, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("DONE");
            assertThat(site.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(CAMPAIGNS);
            List<Call> calls = platform.calls();
            assertThat(calls).noneMatch(call -> call.status() == 429);
            long faults = calls.stream().filter(call -> call.status() != 200).count();
            // 10 pages at one fault in five: the 5th and the 10th request fail, and the 12th is the last page
            assertThat(faults).isEqualTo(2);
            assertThat(calls).hasSize(10 + CAMPAIGNS + 2);
            assertThat(run.at("/calls/made").asInt()).isEqualTo(calls.size());
            assertThat(run.at("/calls/faults").asLong()).isEqualTo(faults);
            assertThat(run.at("/calls/refused").asInt()).isZero();
            assertThat(run.at("/calls/waited_for_limit_ms").asLong()).isPositive();
            assertThat(run.at("/campaigns/new").asInt()).isEqualTo(CAMPAIGNS);
            assertThat(run.at("/progress/synced").asInt()).isEqualTo(CAMPAIGNS);
            // one when it is stored, one when it is synced
            assertThat(site.events()).isEqualTo(2 * CAMPAIGNS);
            assertThat(pull.runs().path("last_success_at").isString()).isTrue();
            assertThat(site.sql
                            .sql("SELECT CAST(budget AS CHAR) FROM campaigns WHERE id = 'campaign_7'")
                            .query(String.class)
                            .single())
                    .isEqualTo("1007.070000000000000000");
        }
    }

    @Test
    void what_has_not_changed_makes_no_event_and_no_sync_call() {
        try (var platform = StandInPlatform.start(DESCRIBED, 25, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            long events = site.events();
            platform.campaigns().set(3, StandInPlatform.campaign(4).replace("\"clicks\":40", "\"clicks\":41"));

            JsonNode run = pull.run();

            assertThat(run.at("/campaigns/unchanged").asInt()).isEqualTo(24);
            assertThat(run.at("/campaigns/changed").asInt()).isEqualTo(1);
            assertThat(run.at("/calls/sync").asInt()).isEqualTo(1);
            assertThat(site.events() - events).isEqualTo(2);
        }
    }

    @Test
    void a_campaign_that_two_complete_runs_miss_has_vanished_and_may_come_back() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            String gone = platform.campaigns().remove(5);

            assertThat(pull.run().at("/campaigns/vanished").asInt()).isZero();
            assertThat(pull.run().at("/campaigns/vanished").asInt()).isEqualTo(1);
            assertThat(site.count("campaigns WHERE vanished_at IS NOT NULL AND id = 'campaign_6'"))
                    .isEqualTo(1);

            platform.campaigns().add(gone);
            assertThat(pull.run().at("/campaigns/changed").asInt()).isEqualTo(1);
            assertThat(site.count("campaigns WHERE vanished_at IS NOT NULL")).isZero();
            assertThat(site.count("campaigns")).isEqualTo(12);
        }
    }

    @Test
    void without_the_sync_call_campaigns_are_stored_and_what_is_due_is_kept_in_mind() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0)) {
            try (RunningPull pull = RunningPull.start(site, platform.url(), "campaign-pull.sync-call=false")) {
                assertThat(pull.awaitEnd().at("/calls/sync").asInt()).isZero();
                assertThat(site.count("campaigns WHERE synced_at IS NULL")).isEqualTo(12);
            }
            try (RunningPull pull = RunningPull.start(site, platform.url())) {
                assertThat(pull.run().at("/calls/sync").asInt()).isEqualTo(12);
            }
        }
    }

    @Test
    void a_run_can_be_started_once_at_a_time_and_only_with_the_token() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            assertThat(pull.postWithoutToken("/campaign-pull/runs").statusCode())
                    .isEqualTo(401);
            assertThat(pull.getAs("evil.example", "/campaign-pull/runs").statusCode())
                    .isEqualTo(421);
            platform.down(true);

            assertThat(pull.post("/campaign-pull/runs", "").statusCode()).isEqualTo(202);
            assertThat(pull.post("/campaign-pull/runs", "").statusCode()).isEqualTo(409);
            assertThat(pull.get("/campaign-pull/runs?limit=0").statusCode()).isEqualTo(400);

            platform.down(false);
            pull.awaitEnd();
            assertThat(pull.runs().path("items")).hasSize(2);
        }
    }

    @Test
    void named_campaigns_are_synced_anew() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();

            assertThat(pull.post("/campaign-pull/retry", "{\"ids\":[\"campaign_3\",\"nobody\"]}")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(pull.post("/campaign-pull/retry", "{\"ids\":[]}").statusCode())
                    .isEqualTo(400);
            assertThat(pull.post("/campaign-pull/retry", "{\"ids\":[\"campaign_3\"]}")
                            .statusCode())
                    .isEqualTo(202);

            JsonNode run = pull.await(it -> it.path("cause").asString().equals("RETRY")
                    && !it.path("finished_at").isNull());
            assertThat(run.at("/calls/made").asInt()).isEqualTo(1);
            assertThat(platform.calls())
                    .filteredOn(call -> call.path().equals("/api/campaigns/campaign_3/sync"))
                    .hasSize(2);
        }
    }

    @Test
    void a_clock_that_is_set_back_holds_no_run_back() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            site.sql
                    .sql("UPDATE campaign_run SET started_at = '2100-01-01', finished_at = '2100-01-01'")
                    .update();

            JsonNode run = pull.await(
                    it -> it.path("id").asLong() == 2 && !it.path("finished_at").isNull());

            assertThat(run.path("cause").asString()).isEqualTo("SCHEDULE");
            assertThat(run.at("/campaigns/unchanged").asInt()).isEqualTo(12);
        }
    }

    @Test
    void a_table_that_is_not_under_sync_is_seen_in_the_status() {
        try (var platform = StandInPlatform.start(DESCRIBED, 12, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            assertThat(pull.runs().path("captured").asBoolean()).isTrue();

            site.sql.sql("DROP TRIGGER sync_update_campaigns").update();

            assertThat(pull.runs().path("captured").asBoolean(true)).isFalse();
            assertThat(pull.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void two_sites_that_share_a_client_id_are_refused_at_times_and_both_bring_everything() {
        try (var other = new CampaignSite();
                var platform = StandInPlatform.start(IN_A_LONG_WINDOW, 12, 0);
                RunningPull first = RunningPull.start(site, platform.url(), PATIENT, LONG_WINDOW);
                RunningPull second = RunningPull.start(other, platform.url(), PATIENT, LONG_WINDOW)) {
            first.awaitEnd();
            second.awaitEnd();
            for (int number = 13; number <= 40; number++) {
                platform.campaigns().add(StandInPlatform.campaign(number));
            }
            first.post("/campaign-pull/runs", "");
            second.post("/campaign-pull/runs", "");

            assertThat(List.of(first.awaitEnd(), second.awaitEnd()))
                    .allSatisfy(run -> assertThat(run.path("state").asString()).isEqualTo("DONE"))
                    .anySatisfy(
                            run -> assertThat(run.at("/calls/refused").asInt()).isPositive());
            assertThat(platform.calls()).anyMatch(call -> call.status() == 429);
            assertThat(site.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(40);
            assertThat(other.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(40);
        }
    }

    @Test
    void two_pullers_pull_once() {
        try (var platform = StandInPlatform.start(DESCRIBED, 40, 0);
                RunningPull first = RunningPull.start(site, platform.url());
                RunningPull second = RunningPull.start(site, platform.url())) {
            first.awaitEnd();

            assertThat(second.runs().path("items")).hasSize(1);
            assertThat(platform.calls()).hasSize(4 + 40).noneMatch(call -> call.status() == 429);
            assertThat(site.events()).isEqualTo(80);
        }
    }
}
