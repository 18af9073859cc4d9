package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

class RelaySettingsTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @EnableConfigurationProperties(RelaySettings.class)
    static class Settings {}

    @Test
    void defaults_are_the_missions() {
        runner.run(context -> assertThat(context.getBean(RelaySettings.class))
                .isEqualTo(new RelaySettings(
                        "site-1",
                        "true",
                        "0 */2 * * * *",
                        5_000,
                        DataSize.ofMegabytes(8),
                        DataSize.ofKilobytes(1_000),
                        20_000,
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        Duration.ofHours(24),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relay.site=Site 1 | SITE_ID must be 1 to 40 of a-z, 0-9 and '-'",
                "relay.online=yes | IS_ONLINE must be true or false",
                "relay.online=TRUE | IS_ONLINE must be true or false",
                "relay.cron=every two minutes | SYNC_CRON must be a cron expression of six fields",
                "relay.page-rows=0 | must be greater than or equal to 1",
                "relay.window=0 | must be greater than or equal to 1",
                "relay.acknowledgement-timeout=0s | must be longer than or equal to",
                "relay.hello-every=0s | must be longer than or equal to",
                "relay.patience=-1h | must be longer than or equal to",
                "relay.lease=25s | relay.lease must be longer than relay.send-timeout and relay.connectivity-timeout together",
                "relay.first-pause=31s | relay.first-pause must not be longer than relay.longest-pause"
            })
    void a_value_that_cannot_work_is_refused_with_a_sentence(String property, String sentence) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(sentence));
    }

    @Test
    void it_polls_every_two_minutes_unless_told_otherwise() throws IOException {
        var defaults = new MutablePropertySources();
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yml"))
                .forEach(defaults::addLast);

        String cron = new PropertySourcesPropertyResolver(defaults).getProperty("relay.cron");

        assertThat(cron).isEqualTo("0 */2 * * * *");
    }
}
