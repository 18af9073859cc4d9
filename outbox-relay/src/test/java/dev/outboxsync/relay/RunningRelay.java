package dev.outboxsync.relay;

import dev.outboxsync.steering.document.ApiDocument;
import dev.outboxsync.steering.document.MappedRoutes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as it is started in production, on a port of its own, with short intervals. */
final class RunningRelay implements AutoCloseable {
    private static final String TOKEN = "the-token-of-the-test";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final ConfigurableApplicationContext context;
    private final int port;

    /** @param more {@code --name=value}; wins over what is usual in tests */
    RunningRelay(SiteMySql site, String bootstrapServers, String name, String... more) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.config.import=classpath:mysql.yml,classpath:steering.yml",
                "--DB_A_URL=" + site.relay.url(),
                "--DB_A_USER=" + site.relay.user(),
                "--DB_A_PASSWORD=" + site.relay.password(),
                "--KAFKA_BOOTSTRAP_SERVERS=" + bootstrapServers,
                "--SITE_ID=" + name,
                "--SYNC_TOKEN=" + TOKEN,
                // Far off: cycles run when they are asked for.
                "--SYNC_CRON=0 0 0 1 1 *",
                "--relay.first-pause=100ms",
                "--relay.longest-pause=1s",
                "--relay.acknowledgement-timeout=5s",
                "--relay.send-timeout=4s",
                "--relay.connectivity-timeout=2s",
                "--relay.lease=7s"));
        for (String argument : more) {
            String property = argument.substring(0, argument.indexOf('=') + 1);
            arguments.removeIf(usual -> usual.startsWith(property));
            arguments.add(argument);
        }
        context = SpringApplication.run(OutboxRelay.class, arguments.toArray(String[]::new));
        port = ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** As a page asks that has had its own name lead here. */
    HttpResponse<String> getAs(String host, String path) {
        return send(request(path).header("Host", host));
    }

    HttpResponse<String> put(String path, String body) {
        return putAs("application/json", path, body);
    }

    HttpResponse<String> putAs(String contentType, String path, String body) {
        return send(steering(path).header("Content-Type", contentType).PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> run() {
        return send(steering("/relay/run").POST(HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> runWithoutToken() {
        return send(request("/relay/run").POST(HttpRequest.BodyPublishers.noBody()));
    }

    int readiness() {
        return get("/actuator/health/readiness").statusCode();
    }

    void awaitReady() {
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> readiness() == 200);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(90));
    }

    private HttpRequest.Builder steering(String path) {
        return request(path).header("Authorization", "Bearer " + TOKEN);
    }

    /** What is mapped, as {@code GET /relay}. */
    Set<String> routes() {
        return MappedRoutes.of(context);
    }

    /** What this service says of itself; each answer is held to it. */
    ApiDocument document() {
        return ApiDocument.of("outbox-relay", "http://127.0.0.1:" + port);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            document().demandDocumented(answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
