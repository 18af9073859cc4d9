package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {
    private static final OwnNames ALONE = OwnNames.of("", false);
    private static final OwnNames IN_A_CONTAINER = OwnNames.of("", true);
    private static final OwnNames BEHIND_A_PROXY = OwnNames.of("sync.example.org, Till.example.org", false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            localhost              | true  | true
            LOCALHOST:8080         | true  | true
            127.0.0.1              | true  | true
            127.0.0.1:8080         | true  | true
            127.255.3.4:           | true  | true
            [::1]                  | true  | true
            [::1]:8080             | true  | true
            outbox-relay:8081      | false | true
            172.18.0.3:8081        | false | true
            [fd00::3]:8081         | false | true
            0.0.0.0:8080           | false | true
            evil.example           | false | false
            evil.example:8080      | false | false
            localhost.evil.example | false | false
            127.0.0.1.evil.example | false | false
            127.0.0.1.             | false | false
            localhost.             | false | false
            x127.0.0.1             | false | false
            evil.example:127.0.0.1 | false | false
            a_b.c                  | false | false
            sync.example.org       | false | false
            ``                     | false | false
            """)
    void a_name_that_a_page_can_have_is_none(String host, boolean alone, boolean inAContainer) {
        assertThat(ALONE.hold(host)).isEqualTo(alone);
        assertThat(IN_A_CONTAINER.hold(host)).isEqualTo(inAContainer);
    }

    @ParameterizedTest
    @CsvSource({
        "sync.example.org,true",
        "SYNC.example.org:443,true",
        "till.example.org,true",
        "127.0.0.1:8080,true",
        "example.org,false",
        "a.sync.example.org,false",
        "sync-example.org,false",
        "relay,false"
    })
    void a_proxy_may_have_names_of_its_own(String host, boolean own) {
        assertThat(BEHIND_A_PROXY.hold(host)).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1:8080      | 127.0.0.1:8080   | true
            http://LocalHost:8080      | localhost:8080   | true
            https://sync.example.org   | 127.0.0.1:8080   | true
            https://till.example.org:9 | till.example.org | true
            http://localhost:8080      | 127.0.0.1:8080   | false
            http://127.0.0.1:3000      | 127.0.0.1:8080   | false
            http://evil.example        | 127.0.0.1:8080   | false
            https://sync.example.org.x | 127.0.0.1:8080   | false
            null                       | 127.0.0.1:8080   | false
            file://                    | 127.0.0.1:8080   | false
            http://sync.example.org@x  | 127.0.0.1:8080   | false
            """)
    void a_page_of_this_service_comes_from_the_host_that_it_calls(String origin, String host, boolean own) {
        assertThat(BEHIND_A_PROXY.holdPage(origin, host)).isEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://sync.example.org", "sync.example.org:443", "*", "*.example.org", "a b", "a/b", ".org"})
    void what_is_no_name_is_a_sentence_at_the_start(String list) {
        assertThatThrownBy(() -> OwnNames.of("till.example.org," + list, false))
                .isInstanceOf(StartRefused.class)
                .hasMessage("ALLOWED_HOSTS holds what is no host name.");
    }
}
