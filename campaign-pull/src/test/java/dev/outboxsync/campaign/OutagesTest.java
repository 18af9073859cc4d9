package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Call;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What passes by itself: nobody has to do anything, and meanwhile the status says what is the matter. */
class OutagesTest {
    private static final int CAMPAIGNS = 30;
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final Manner DESCRIBED = new Manner(10, WINDOW, Duration.ofMillis(5), Duration.ofHours(1), 5, 10);

    /** Of 300 to one, pauses as they are by default. */
    private static final Duration AN_HOUR = Duration.ofSeconds(12);

    private static final String[] SCALED = {
        "campaign-pull.platform.window=200ms",
        "campaign-pull.platform.outage-pause=50ms",
        "campaign-pull.platform.longest-outage-pause=1s",
        "campaign-pull.platform.longest-pause=100ms"
    };

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
    void an_hour_of_503_is_waited_out_with_few_calls_and_seen_in_the_status() {
        var scaled = new Manner(10, Duration.ofMillis(200), Duration.ofMillis(5), Duration.ofHours(1), 5, 0);
        try (var platform = StandInPlatform.start(scaled, CAMPAIGNS, 0);
                RunningPull pull = RunningPull.start(site, platform.url(), SCALED)) {
            pull.await(run -> run.at("/progress/synced").asInt() >= 1);
            platform.down(true);
            awaitOutage(pull, "PLATFORM_AWAY: SERVER_ERROR 503; tried again by itself");
            int calls = platform.calls().size();
            long begun = System.nanoTime();

            Awaitility.await()
                    .during(AN_HOUR)
                    .atMost(AN_HOUR.plus(RunningPull.PATIENCE))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> pull.runs().path("problem").asString("").equals("SERVER_ERROR 503")
                            && pull.runs().path("running").asBoolean()
                            && pull.get("/actuator/health/readiness").statusCode() == 503);
            // pauses of 50, 100, 200, 400, 800 ms and then of a second
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
            assertThat(platform.calls().size() - calls).isLessThanOrEqualTo(Math.toIntExact(5 + 1 + seconds));

            platform.down(false);
            assertRecovered(pull);
            assertThat(pull.runs().path("items")).hasSize(1);
        }
    }

    @Test
    void a_platform_that_is_down_from_the_beginning_gives_no_token_and_is_waited_for() {
        try (var platform = StandInPlatform.start(DESCRIBED, CAMPAIGNS, 0)) {
            platform.down(true);
            try (RunningPull pull = RunningPull.start(site, platform.url())) {
                awaitOutage(pull, "PLATFORM_AWAY: SERVER_ERROR 503; tried again by itself");

                platform.down(false);

                assertRecovered(pull);
                assertThat(pull.runs().path("problem").isNull()).isTrue();
            }
        }
    }

    @Test
    void a_platform_that_hangs_is_left_alone_and_seen_in_the_status() {
        try (var platform = StandInPlatform.start(DESCRIBED, CAMPAIGNS, 0);
                RunningPull pull =
                        RunningPull.start(site, platform.url(), "campaign-pull.platform.read-timeout=300ms")) {
            pull.await(run -> run.at("/progress/synced").asInt() >= 1);
            platform.silent(true);
            awaitOutage(pull, "PLATFORM_AWAY: TIMED_OUT; tried again by itself");

            platform.silent(false);

            assertRecovered(pull);
        }
    }

    @Test
    void a_step_that_fails_for_no_known_reason_is_tried_again_and_seen_in_readiness() {
        try (var platform = StandInPlatform.start(DESCRIBED, CAMPAIGNS, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.awaitEnd();
            site.sql
                    .sql("ALTER TABLE campaign_run ALTER CHECK campaign_run_cause NOT ENFORCED")
                    .update();
            site.sql
                    .sql("UPDATE campaign_run SET cause = 'ODD', state = 'SYNCS', is_open = TRUE, finished_at = NULL")
                    .update();
            awaitReadiness(pull, 503);

            site.sql.sql("UPDATE campaign_run SET cause = 'REQUESTED'").update();

            awaitReadiness(pull, 200);
            pull.await(run -> run.path("state").asString().equals("DONE"));
        }
    }

    @Test
    void a_token_that_expires_in_mid_list_is_renewed_and_nothing_is_lost() {
        var noFaults = new Manner(10, WINDOW, Duration.ofMillis(5), Duration.ofHours(1), 0, 0);
        try (var platform = StandInPlatform.start(noFaults, CAMPAIGNS, 0);
                RunningPull pull = RunningPull.start(site, platform.url())) {
            pull.await(run -> run.at("/progress/synced").asInt() >= 1);
            platform.forgetTokens();

            JsonNode run = assertRecovered(pull);

            assertThat(platform.calls().stream().map(Call::status)).contains(401);
            assertThat(run.at("/calls/faults").asInt()).as("seen in the status").isBetween(1, 2);
            assertThat(run.at("/calls/made").asInt())
                    .isEqualTo(3 + CAMPAIGNS + run.at("/calls/faults").asInt());
        }
    }

    @Test
    void a_token_that_lives_shorter_than_a_wait_for_the_limit_costs_no_call() {
        var shortLived = new Manner(10, Duration.ofSeconds(2), Duration.ofMillis(5), Duration.ofSeconds(1), 0, 0);
        try (var platform = StandInPlatform.start(shortLived, 20, 0);
                RunningPull pull = RunningPull.start(site, platform.url(), "campaign-pull.platform.window=2s")) {
            JsonNode run = pull.awaitEnd();

            assertThat(run.path("state").asString()).isEqualTo("DONE");
            assertThat(platform.calls()).hasSize(2 + 20).allMatch(call -> call.status() == 200);
        }
    }

    private static void awaitReadiness(RunningPull pull, int status) {
        Awaitility.await()
                .atMost(RunningPull.PATIENCE)
                .until(() -> pull.get("/actuator/health/readiness").statusCode() == status);
    }

    private static void awaitOutage(RunningPull pull, String problem) {
        JsonNode waiting = pull.await(run -> run.path("problem").asString("").equals(problem));
        assertThat(waiting.path("finished_at").isNull()).isTrue();
        assertThat(waiting.path("state").asString()).isIn(List.of("PAGES", "SYNCS"));
        assertThat(problem).contains(pull.runs().path("problem").asString());
        Awaitility.await()
                .atMost(RunningPull.PATIENCE)
                .until(() -> pull.get("/actuator/health/readiness").statusCode() == 503);
    }

    private JsonNode assertRecovered(RunningPull pull) {
        JsonNode run = pull.awaitEnd();
        assertThat(run.path("state").asString()).isEqualTo("DONE");
        assertThat(run.path("problem").isNull()).isTrue();
        assertThat(run.at("/campaigns/failed").asInt()).isZero();
        assertThat(site.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(CAMPAIGNS);
        assertThat(site.events()).isEqualTo(2 * CAMPAIGNS);
        assertThat(pull.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        return run;
    }
}
