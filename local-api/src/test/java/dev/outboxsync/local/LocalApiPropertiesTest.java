package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.repeat.RepeatProperties;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class LocalApiPropertiesTest {
    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withUserConfiguration(Settings.class);

    @Test
    void the_defaults_are_those_of_the_contract() {
        service.run(context -> {
            var properties = context.getBean(LocalApiProperties.class);

            assertThat(properties.site().name()).isEqualTo("site-1");
            assertThat(properties.syncTables()).isEqualTo(List.of("users", "orders"));
            assertThat(properties.adminUser()).isEmpty();
            assertThat(properties.requirePrecondition()).isFalse();
            assertThat(context.getBean(RepeatProperties.class))
                    .isEqualTo(new RepeatProperties(255, Duration.ofHours(24), Duration.ofMinutes(10), 500));
            assertThat(properties.relayUrl()).hasToString("http://127.0.0.1:8081");
            assertThat(properties.longestPause()).isEqualTo(Duration.ofSeconds(10));
            assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
            assertThat(context.getEnvironment().getProperty("server.port")).isEqualTo("8080");
        });
    }

    @Test
    void no_password_is_shown() {
        service.withPropertyValues("DB_A_ADMIN_PASSWORD=hidden")
                .run(context -> assertThat(context.getBean(LocalApiProperties.class))
                        .asString()
                        .doesNotContain("hidden"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SITE_ID=Site 1 | SITE_ID must be 1 to 40 of a-z
                    SYNC_TABLES=users,,orders | SYNC_TABLES must name tables
                    SYNC_TABLES=users,users | SYNC_TABLES must name each table once
                    SYNC_TABLES= | syncTables
                    RELAY_URL=127.0.0.1 | RELAY_URL must be like
                    RELAY_URL=file:///etc/passwd | RELAY_URL must be like
                    local-api.shortest-pause=0s | local-api.shortest-pause must be more than 0
                    local-api.longest-pause=1ms | local-api.longest-pause must not be shorter
                    local-api.check-every=-1s | local-api.check-every must be more than 0
                    local-api.relay-run-timeout=0 | local-api.relay-run-timeout must be more than 0
                    local-api.idempotency.longest-key=256 | local-api.idempotency.longest-key must be 1 to 255
                    local-api.idempotency.longest-key=0 | local-api.idempotency.longest-key must be 1 to 255
                    local-api.idempotency.keep=0s | local-api.idempotency.keep must be more than 0
                    local-api.idempotency.purge-every=-1s | local-api.idempotency.purge-every must be more than 0
                    local-api.idempotency.purge-rows=0 | local-api.idempotency.purge-rows must be 1 to 10000
                    local-api.relay-look-timeout=0 | local-api.relay-look-timeout must be more than 0
                    """)
    void a_wrong_setting_is_refused_by_its_name(String setting, String sentence) {
        service.withPropertyValues(setting)
                .run(context ->
                        assertThat(context).getFailure().rootCause().message().contains(sentence));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({LocalApiProperties.class, RepeatProperties.class})
    static class Settings {}
}
