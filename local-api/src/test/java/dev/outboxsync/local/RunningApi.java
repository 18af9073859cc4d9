package dev.outboxsync.local;

import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.steering.document.ApiDocument;
import dev.outboxsync.steering.document.MappedRoutes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The whole service on a port of its own, and a client of it. */
final class RunningApi implements AutoCloseable {
    static final String TOKEN = "token-of-the-tests";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    private RunningApi(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Started with the admin's help, and ready. */
    static RunningApi readyOn(SiteDatabase database, String... settings) {
        RunningApi api = startedOn(
                database,
                Stream.concat(
                                Stream.of(
                                        "DB_A_ADMIN_USER=" + database.admin().user(),
                                        "DB_A_ADMIN_PASSWORD="
                                                + database.admin().password()),
                                Arrays.stream(settings))
                        .toArray(String[]::new));
        api.awaitReadiness(200);
        return api;
    }

    /** Started, with what the database is now. */
    static RunningApi startedOn(SiteDatabase database, String... settings) {
        var byName = new LinkedHashMap<String, String>();
        Stream.concat(
                        Stream.of(
                                "server.port=0",
                                "SYNC_TOKEN=" + TOKEN,
                                "DB_A_URL=" + database.service().url(),
                                "DB_A_USER=" + database.service().user(),
                                "DB_A_PASSWORD=" + database.service().password(),
                                "local-api.shortest-pause=50ms",
                                "local-api.longest-pause=200ms",
                                "local-api.check-every=50ms"),
                        Arrays.stream(settings))
                // given twice it would be taken for a list
                .forEach(setting -> byName.put(setting.substring(0, setting.indexOf('=')), "--" + setting));
        String[] arguments = byName.values().toArray(String[]::new);
        return new RunningApi(new SpringApplicationBuilder(LocalApi.class).run(arguments));
    }

    void awaitReadiness(int status) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> get("/actuator/health/readiness").status() == status);
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** What is mapped, as {@code GET /users/{id}}. */
    Set<String> routes() {
        return MappedRoutes.of(context);
    }

    /** What this service says of itself; each answer is held to it. */
    ApiDocument document() {
        return ApiDocument.of("local-api", "http://127.0.0.1:" + port());
    }

    Answer get(String path) {
        return send(request("GET", path));
    }

    Answer post(String path, String json) {
        return send(json("POST", path, json));
    }

    Answer put(String path, String json) {
        return send(json("PUT", path, json));
    }

    Answer delete(String path) {
        return send(request("DELETE", path));
    }

    Answer postWithToken(String path, String json) {
        return send(json("POST", path, json).header("Authorization", "Bearer " + TOKEN));
    }

    HttpRequest.Builder json(String method, String path, String json) {
        return request(method, path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json));
    }

    HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.noBody());
    }

    Answer send(HttpRequest.Builder request) {
        try {
            var answer =
                    new Answer(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)));
            document().demandDocumented(answer.http());
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** What the service said. */
    record Answer(HttpResponse<String> http) {
        int status() {
            return http.statusCode();
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        String body() {
            return http.body();
        }

        JsonNode json() {
            return body().isEmpty() ? JsonNodeFactory.instance.nullNode() : JSON.readTree(body());
        }
    }
}
