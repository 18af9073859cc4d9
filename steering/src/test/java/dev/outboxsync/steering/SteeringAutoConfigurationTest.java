package dev.outboxsync.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@ExtendWith(OutputCaptureExtension.class)
class SteeringAutoConfigurationTest {
    private static final Map<String, Object> ON_LOOPBACK = Map.of("server.address", "127.0.0.1");

    @TempDir
    Path folder;

    @Test
    void a_request_that_steers_needs_the_token_and_no_other_does() {
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, Map.of("SYNC_TOKEN", "secret"))) {
            RestClient client = client(service);

            assertThat(post(client, "/steer", null).getStatusCode().value()).isEqualTo(401);
            assertThat(post(client, "/steer", "Bearer wrong").getStatusCode().value())
                    .isEqualTo(401);
            assertThat(post(client, "/steer", "Bearer secret").getBody()).isEqualTo("steered");
            assertThat(client.get().uri("/look").retrieve().body(String.class)).isEqualTo("seen");
        }
    }

    @Test
    void who_has_no_token_is_told_what_to_do() {
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, Map.of("SYNC_TOKEN", "secret"))) {
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
        try (ConfigurableApplicationContext service = start(ON_LOOPBACK, Map.of("SYNC_TOKEN", "secret"))) {
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

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", ""})
    void a_service_that_other_machines_reach_does_not_start(String address, CapturedOutput output) {
        assertThat(starts(Map.of("server.address", address), Map.of("SYNC_TOKEN", "secret")))
                .isFalse();

        assertThat(output)
                .contains("its endpoints ask nobody who he is.", "PUBLISHED_ON_LOOPBACK_ONLY=true")
                .doesNotContain("\tat ");
    }

    @Test
    void an_operator_may_say_that_the_port_is_published_on_the_loopback_only() {
        assertThat(starts(
                        Map.of("server.address", "0.0.0.0"),
                        Map.of("SYNC_TOKEN", "secret", "PUBLISHED_ON_LOOPBACK_ONLY", "true")))
                .isTrue();
    }

    private static boolean starts(Map<String, Object> server, Map<String, Object> steering) {
        try (ConfigurableApplicationContext service = start(server, steering)) {
            return service.isRunning();
        } catch (RuntimeException refused) {
            return false;
        }
    }

    private static ConfigurableApplicationContext start(Map<String, Object> server, Map<String, Object> steering) {
        return new SpringApplicationBuilder(Service.class)
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
