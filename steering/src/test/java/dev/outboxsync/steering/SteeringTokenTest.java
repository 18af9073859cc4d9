package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SteeringTokenTest {
    private static final SteeringToken TOKEN = SteeringToken.of("the-long-secret-0", "SYNC_TOKEN");

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer other",
                "Bearer the-long-secret-",
                "Bearer the-long-secret-00",
                "Bearer THE-LONG-SECRET-0",
                "Bearer the-long-secret-0, Bearer the-long-secret-0",
                "Basic the-long-secret-0",
                "the-long-secret-0"
            })
    void another_authorization_is_refused(String authorization) {
        assertThat(TOKEN.isIn(authorization)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer the-long-secret-0", "bearer the-long-secret-0", "Bearer  the-long-secret-0"})
    void the_token_is_known_however_its_scheme_is_written(String authorization) {
        assertThat(TOKEN.isIn(authorization)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "two words that are long",
                "t\u00f6k\u00e9n-that-is-long-enough",
                "long-enough-but\nforged"
            })
    void what_is_no_word_is_refused(String secret) {
        assertThatThrownBy(() -> SteeringToken.of(secret, "SYNC_TOKEN"))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.cure()).contains("openssl rand -hex 32"))
                .hasMessage("The token in SYNC_TOKEN is not one word of visible ASCII characters.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "secret", "fifteen-letters"})
    void what_can_be_guessed_is_refused_and_not_repeated(String secret) {
        assertThatThrownBy(() -> SteeringToken.of(secret, "SYNC_TOKEN"))
                .isInstanceOf(StartRefused.class)
                .hasMessage("The token in SYNC_TOKEN is too short: it has fewer than 16 characters.");
    }
}
