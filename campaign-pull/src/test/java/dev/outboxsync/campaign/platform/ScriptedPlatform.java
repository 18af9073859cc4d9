package dev.outboxsync.campaign.platform;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.outboxsync.campaign.platform.PlatformFailure.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A platform whose every answer is set by the test: a token and an empty page unless it says otherwise. */
abstract class ScriptedPlatform {
    static final String PAGES = "/api/campaigns";
    static final String EMPTY_PAGE =
            "{\"data\":[],\"pagination\":{\"page\":1,\"limit\":10,\"total\":0,\"has_more\":false}}";
    static final WireMockServer PLATFORM = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    final CallsInMemory log = new CallsInMemory();

    @BeforeAll
    static void start() {
        PLATFORM.start();
    }

    @AfterAll
    static void stop() {
        PLATFORM.stop();
    }

    @BeforeEach
    void reset() {
        PLATFORM.resetAll();
        token(okJson("{\"access_token\":\"t1\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"issued_at\":1}"));
        pages(okJson(EMPTY_PAGE));
    }

    static void token(ResponseDefinitionBuilder answer) {
        PLATFORM.stubFor(post("/auth/token").willReturn(answer));
    }

    static void pages(ResponseDefinitionBuilder answer) {
        PLATFORM.stubFor(get(urlPathEqualTo(PAGES)).willReturn(answer));
    }

    PlatformClient client(int attempts) {
        return QuickClient.of(PLATFORM.baseUrl(), attempts, log);
    }

    static void assertFailure(PlatformClient client, Kind kind, String reason) {
        assertThatThrownBy(() -> client.page(1))
                .isInstanceOfSatisfying(
                        PlatformFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessage(reason);
    }
}
