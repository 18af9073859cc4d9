package dev.outboxsync.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.campaign.platform.PlatformSettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class PullSettingsTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Settings.class)
            .withPropertyValues(
                    "campaign-pull.platform.url=https://ads.example.org",
                    "campaign-pull.platform.user=me",
                    "campaign-pull.platform.password=secret",
                    "campaign-pull.platform.client-id=till-1");

    @EnableConfigurationProperties({PullSettings.class, PlatformSettings.class})
    static class Settings {}

    @Test
    void defaults_are_those_of_the_platform_as_described() {
        runner.run(context -> {
            assertThat(context.getBean(PullSettings.class))
                    .isEqualTo(new PullSettings(
                            "0 */15 * * * *",
                            true,
                            2,
                            3,
                            2,
                            10_000,
                            2,
                            Duration.ofHours(12),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(2),
                            Duration.ofDays(30)));
            assertThat(context.getBean(PlatformSettings.class))
                    .isEqualTo(new PlatformSettings(
                            URI.create("https://ads.example.org"),
                            "me",
                            "secret",
                            "till-1",
                            10,
                            10,
                            Duration.ofSeconds(60),
                            Duration.ofMillis(250),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(10),
                            DataSize.ofMegabytes(2),
                            8,
                            Duration.ofMillis(500),
                            Duration.ofSeconds(30),
                            Duration.ofMinutes(10),
                            Duration.ofSeconds(15),
                            Duration.ofMinutes(5)));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "campaign-pull.cron=hourly | CAMPAIGN_CRON must be a cron expression of six fields",
                "campaign-pull.workers=0 | must be greater than or equal to 1",
                "campaign-pull.sync-runs=0 | must be greater than or equal to 1",
                "campaign-pull.passes=0 | must be greater than or equal to 1",
                "campaign-pull.most-pages=0 | must be greater than or equal to 1",
                "campaign-pull.vanish-after=0 | must be greater than or equal to 1",
                "campaign-pull.lease=0s | must be longer than or equal to",
                "campaign-pull.platform.url=ftp://ads.example.org | CAMPAIGN_API_URL must be like https://ads.example.org",
                "campaign-pull.platform.url=https://me:secret@ads.example.org | CAMPAIGN_API_URL must be like",
                "campaign-pull.platform.url=nonsense | CAMPAIGN_API_URL must be like https://ads.example.org",
                "campaign-pull.platform.user= | CAMPAIGN_API_USER must be set",
                "campaign-pull.platform.password= | CAMPAIGN_API_PASSWORD must be set",
                "campaign-pull.platform.client-id=a b | CAMPAIGN_API_CLIENT_ID must be 1 to 100 visible ASCII characters",
                "campaign-pull.platform.page-size=0 | must be greater than or equal to 1",
                "campaign-pull.platform.calls=0 | must be greater than or equal to 1",
                "campaign-pull.platform.read-timeout=0s | must be longer than or equal to",
                "campaign-pull.platform.largest-answer=65MB | campaign-pull.platform.largest-answer must be 1B to 64MB",
                "campaign-pull.platform.first-pause=31s | campaign-pull.platform.first-pause must not be longer than",
                "campaign-pull.platform.outage-pause=6m | campaign-pull.platform.outage-pause must not be longer than"
            })
    void a_wrong_value_is_refused_in_words_and_without_secrets(String setting, String sentence) {
        runner.withPropertyValues(setting)
                .run(context -> assertThat(context.getStartupFailure())
                        .isNotNull()
                        .rootCause()
                        .hasMessageContaining(sentence)
                        .hasMessageNotContaining("secret"));
    }
}
