package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@ExtendWith(OutputCaptureExtension.class)
class SteeringAutoConfigurationTest {
    private static final Map<String, Object> ON_LOOPBACK = Map.of("server.address", "127.0.0.1");

    private static final String SECRET = "the-long-secret-0";
    private static final Map<String, Object> TOKEN = Map.of("SYNC_TOKEN", SECRET);

    @TempDir
    Path folder;

    @Test
    void a_request_that_steers_needs_the_token_and_no_other_does() {
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, TOKEN)) {
            RestClient client = client(service);

            assertThat(post(client, "/steer", null).getStatusCode().value()).isEqualTo(401);
            assertThat(post(client, "/steer", "Bearer wrong").getStatusCode().value())
                    .isEqualTo(401);
            assertThat(post(client, "/steer", "Bearer " + SECRET).getBody()).isEqualTo("steered");
            assertThat(client.get().uri("/look").retrieve().body(String.class)).isEqualTo("seen");
        }
    }

    @Test
    void who_has_no_token_is_told_what_to_do() {
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, TOKEN)) {
            ResponseEntity<String> answer = post(client(service), "/steer", "Basic c2VjcmV0");

            assertThat(answer.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE))
                    .isEqualTo("Bearer");
            assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
            assertThat(answer.getBody()).contains("Authorization: Bearer <token>", "\"instance\":\"/steer\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/steer;x", "/steer/", "//steer", "/%73teer", "/steer%2f", "/./steer"})
    void no_way_of_writing_the_path_leads_around_the_token(String path) {
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, TOKEN)) {
            ResponseEntity<String> answer = client(service)
                    .post()
                    .uri(java.net.URI.create("http://127.0.0.1:" + port(service) + path))
                    .retrieve()
                    .onStatus(status -> true, (request, response) -> {})
                    .toEntity(String.class);

            assertThat(answer.getStatusCode().is4xxClientError()).isTrue();
            assertThat(answer.getBody() == null ? "" : answer.getBody()).doesNotContain("steered");
        }
    }

    @Test
    void without_a_token_one_is_made_in_the_named_file() throws Exception {
        Path file = folder.resolve("sync-token");

        try (ConfigurableApplicationContext service =
                start(ON_LOOPBACK, Map.of("SYNC_TOKEN", "", "SYNC_TOKEN_FILE", file.toString()))) {
            String token = Files.readString(file).strip();

            assertThat(post(client(service), "/steer", "Bearer " + token).getBody())
                    .isEqualTo("steered");
        }
    }

    @Test
    void a_service_in_which_nothing_steers_needs_no_token() {
        Path file = folder.resolve("sync-token");

        try (ConfigurableApplicationContext service =
                start(Quiet.class, ON_LOOPBACK, Map.of("SYNC_TOKEN_FILE", file.toString()))) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void a_token_of_blanks_is_not_taken_for_none(CapturedOutput output) {
        assertThat(starts(ON_LOOPBACK, Map.of("SYNC_TOKEN", "  "))).isFalse();

        assertThat(output)
                .contains("The token in SYNC_TOKEN is not one word", "openssl rand -hex 32")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.address=0.0.0.0",
                "server.address=::",
                "server.address=0",
                "server.address=",
                "server.address=192.0.2.1",
                "server.address=2001:db8::1",
                "management.server.port=0",
                "management.server.port=12345",
                "management.server.port=12345 management.server.address=0.0.0.0",
                "management.server.port=12345 management.server.address=::",
                "management.server.port=12345 management.server.address=192.0.2.1"
            })
    void a_service_that_other_machines_reach_does_not_start(String settings, CapturedOutput output) {
        assertThat(starts(ON_LOOPBACK, TOKEN, settings)).isFalse();

        assertThat(output)
                .contains(
                        "and most of its endpoints ask nobody who he is.",
                        "server.address to 127.0.0.1",
                        "PUBLISHED_ON_LOOPBACK_ONLY=true")
                .doesNotContain("\tat ", "Tomcat started", "Tomcat initialized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.address=localhost",
                "server.address=127.1.2.3",
                "server.address=::1",
                "management.server.port=-1",
                "management.server.port=12345 management.server.address=localhost"
            })
    void the_loopback_has_more_names_than_one(String settings) {
        assertThat(refusedFor(settings)).isEmpty();
    }

    @Test
    void a_name_that_nobody_knows_is_a_sentence() {
        assertThat(refusedFor("server.address=no-such-machine.invalid"))
                .isEqualTo("server.address is neither an address nor the name of a machine that is known here.");
    }

    @Test
    void an_operator_may_say_that_the_port_is_published_on_the_loopback_only() {
        assertThat(starts(
                        Map.of("server.address", "0.0.0.0"),
                        Map.of("SYNC_TOKEN", SECRET, "PUBLISHED_ON_LOOPBACK_ONLY", "true")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "TRUE", "127.0.0.1"})
    void the_operators_word_is_true_and_no_other(String word) {
        assertThat(refusedFor("server.address=0.0.0.0 PUBLISHED_ON_LOOPBACK_ONLY=" + word))
                .isEqualTo("PUBLISHED_ON_LOOPBACK_ONLY is neither true nor false.");
    }

    /** What the rule says to the settings; nothing when it lets them pass. */
    private static String refusedFor(String settings) {
        var environment = new MockEnvironment().withProperty("server.address", "127.0.0.1");
        pairs(settings).forEach((name, value) -> environment.setProperty(name, String.valueOf(value)));
        try {
            new LoopbackRule(environment).postProcessBeanFactory(new DefaultListableBeanFactory());
            return "";
        } catch (StartRefused refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static Map<String, Object> pairs(String settings) {
        return Arrays.stream(settings.split(" ", -1))
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static boolean starts(Map<String, Object> server, Map<String, Object> steering, String settings) {
        var all = new HashMap<>(server);
        all.putAll(pairs(settings));
        return starts(all, steering);
    }

    private static boolean starts(Map<String, Object> server, Map<String, Object> steering) {
        try (ConfigurableApplicationContext service = start(server, steering)) {
            return service.isRunning();
        } catch (RuntimeException refused) {
            return false;
        }
    }

    private static ConfigurableApplicationContext start(Map<String, Object> server, Map<String, Object> steering) {
        return start(Service.class, server, steering);
    }

    private static ConfigurableApplicationContext start(
            Class<?> application, Map<String, Object> server, Map<String, Object> steering) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.SERVLET)
                .properties(Map.of("server.port", 0))
                .properties(server)
                .properties(steering)
                .run();
    }

    private static int port(ConfigurableApplicationContext service) {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static RestClient client(ConfigurableApplicationContext service) {
        return RestClient.create("http://127.0.0.1:" + port(service));
    }

    private static ResponseEntity<String> post(RestClient client, String path, String authorization) {
        return client.post()
                .uri(path)
                .headers(headers -> {
                    if (authorization != null) {
                        headers.set(HttpHeaders.AUTHORIZATION, authorization);
                    }
                })
                .retrieve()
                .onStatus(status -> true, (request, response) -> {})
                .toEntity(String.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoints.class)
    static class Service {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Quiet {}

    @RestController
    static class Endpoints {
        @Steers
        @PostMapping("/steer")
        String steer() {
            return "steered";
        }

        @GetMapping("/look")
        String look() {
            return "seen";
        }
    }
}
