package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** A setting that is wrong or missing is told of by its own name, and never with its value. */
class WrongSettingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SHOP_NUMBER=abc                   | SHOP_NUMBER cannot be read: it must be a whole number.
            SHOP_NUMBER=9999                  | SHOP_NUMBER must be 0 to 100.
            shop.pause=soon                   | shop.pause cannot be read: it must be a duration such as 500ms, 30s or 24h.
            shop.name=${SHOP_NAME}            | SHOP_NAME is not set.
            """)
    void the_sentence_names_the_setting(String setting, String sentence) {
        new ApplicationContextRunner()
                .withUserConfiguration(Settings.class)
                .withPropertyValues("shop.number=${SHOP_NUMBER:0}", "shop.pause=1s", setting)
                .run(context -> {
                    FailureAnalysis analysis = analyzed(context.getStartupFailure());
                    assertThat(analysis.getDescription()).isEqualTo(sentence);
                    assertThat(analysis.getAction()).contains("then start the service again");
                });
    }

    /** By the first that knows what to say, as Spring Boot asks them. */
    private static FailureAnalysis analyzed(Throwable failure) {
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.ArgumentResolver.of(Environment.class, new StandardEnvironment()),
                        SpringFactoriesLoader.FailureHandler.handleMessage((message, problem) -> {}))
                .stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Shop.class)
    static class Settings {
        @Bean
        String name(Environment environment) {
            return environment.getProperty("shop.name", "");
        }
    }

    @ConfigurationProperties("shop")
    record Shop(int number, Duration pause) {
        Shop {
            if (number > 100) {
                throw new IllegalArgumentException("SHOP_NUMBER must be 0 to 100");
            }
        }
    }
}
