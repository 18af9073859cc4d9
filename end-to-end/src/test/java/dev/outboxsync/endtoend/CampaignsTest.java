package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import dev.outboxsync.stack.StandInPlatform;
import dev.outboxsync.stack.StandInPlatform.Manner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** From the platform to DB_B, with nothing but configuration: campaigns are a table like any other. */
@Tag("slow")
class CampaignsTest {
    private static final int CAMPAIGNS = 100;
    private static final String CONTENT = """
            SELECT JSON_ARRAY(id, name, status, CAST(budget AS CHAR), impressions, clicks, conversions,
                DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.%f'), DATE_FORMAT(synced_at, '%Y-%m-%dT%H:%i:%s.%f'),
                DATE_FORMAT(vanished_at, '%Y-%m-%dT%H:%i:%s.%f'), DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%s.%f'))
            FROM campaigns ORDER BY id
            """;

    @Test
    void all_campaigns_of_the_platform_arrive_in_both_databases() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "stack-campaigns"));
        var manner = new Manner(10, Duration.ofMillis(500), Duration.ofMillis(5), Duration.ofHours(1), 5, 10);
        try (var platform = StandInPlatform.start(manner, CAMPAIGNS, 0);
                var stack = DevelopmentStack.of(plan(folder, platform.url()))) {
            stack.start();
            JdbcClient local = client(stack.databaseA());
            JdbcClient central = client(stack.databaseB());

            await().atMost(Duration.ofMinutes(5))
                    .until(() -> local.sql("SELECT COUNT(*) FROM campaign_run WHERE state = 'DONE'")
                                    .query(Long.class)
                                    .single()
                            > 0);
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> local.sql("SELECT COUNT(*) FROM sync_queue WHERE sync_status <> 'SYNCED'")
                                    .query(Long.class)
                                    .single()
                            == 0);

            List<String> arrived = central.sql(CONTENT).query(String.class).list();
            assertThat(arrived).hasSize(CAMPAIGNS);
            assertThat(arrived).isEqualTo(local.sql(CONTENT).query(String.class).list());
            assertThat(platform.calls()).hasSize(10 + CAMPAIGNS + 2).noneMatch(call -> call.status() == 429);
        }
    }

    private static StackPlan plan(Path folder, String platform) {
        return new StackPlan(folder)
                .campaigns()
                .freePorts()
                .startedOften()
                .fresh()
                .leavingNoData()
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "* * * * * *")
                .setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGN_API_URL", platform)
                // The first run is due at once; a second one, at the next quarter of an hour, would make calls of its
                // own.
                .setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGN_CRON", "0 0 0 1 1 *")
                .setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGNPULL_PLATFORM_WINDOW", "500ms")
                .setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGNPULL_PLATFORM_WINDOWMARGIN", "20ms")
                .setting(StackPlan.CAMPAIGN_PULL, "CAMPAIGNPULL_PLATFORM_READTIMEOUT", "10s");
    }

    private static JdbcClient client(Database database) {
        return JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), database.password()));
    }
}
