package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real process, killed with -9 wherever it is. {@code -Dcampaign.kills=10 -Dcampaign.seed=} chooses how often and where. */
@Tag("slow")
class KillsTest {
    private static final int CAMPAIGNS = 60;
    private static final Manner DESCRIBED =
            new Manner(10, Duration.ofMillis(1_000), Duration.ofMillis(20), Duration.ofHours(1), 5, 10);

    @Test
    void killed_at_random_points_it_resumes_and_nothing_is_twice_or_missing() throws Exception {
        var random = new SplittableRandom(Long.getLong("campaign.seed", 7));
        int kills = Integer.getInteger("campaign.kills", 3);
        try (var site = new CampaignSite();
                var platform = StandInPlatform.start(DESCRIBED, CAMPAIGNS, 0)) {
            for (int kill = 0; kill < kills; kill++) {
                int calls = platform.calls().size();
                Process process = start(site, platform);
                try {
                    int more = random.nextInt(1, Math.max(2, 2 * CAMPAIGNS / kills / 2));
                    Awaitility.await()
                            .atMost(RunningPull.PATIENCE)
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                            .until(() -> platform.calls().size() >= calls + more || isDone(site));
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }
            Process last = start(site, platform);
            try {
                Awaitility.await().atMost(RunningPull.PATIENCE).until(() -> isDone(site));
            } finally {
                last.destroyForcibly().waitFor();
            }

            assertThat(site.count("campaign_run")).as("one run, resumed").isEqualTo(1);
            assertThat(site.count("campaigns WHERE synced_at IS NOT NULL")).isEqualTo(CAMPAIGNS);
            assertThat(site.count("sync_queue WHERE table_name = 'campaigns' AND operation = 'INSERT'"))
                    .isEqualTo(CAMPAIGNS);
            assertThat(site.events()).as("each stored and confirmed once").isEqualTo(2 * CAMPAIGNS);
            assertThat(platform.calls()).noneMatch(call -> call.status() == 429);
            long faults = platform.calls().stream()
                    .filter(call -> call.status() != 200)
                    .count();
            // a kill in mid-call costs that call: two workers may each lose one; and one page may be asked for anew
            assertThat((long) platform.calls().size()).isLessThanOrEqualTo(6 + CAMPAIGNS + faults + 3L * kills);
        }
    }

    private static boolean isDone(CampaignSite site) {
        return site.count("campaign_run WHERE state = 'DONE'") > 0;
    }

    private static Process start(CampaignSite site, StandInPlatform platform) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CampaignPull.class.getName()));
        RunningPull.settings(
                        site, platform.url(), "campaign-pull.platform.window=1s", "campaign-pull.platform.attempts=8")
                .forEach(setting -> command.add("--" + setting));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/killed.log")))
                .start();
    }
}
