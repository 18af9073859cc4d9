package dev.outboxsync.campaign;

import dev.outboxsync.steering.document.ApiDocument;
import dev.outboxsync.steering.document.MappedRoutes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service in this JVM, at a pace for tests, and a client of it. */
final class RunningPull implements AutoCloseable {
    static final String TOKEN = "token-of-the-tests";
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ConfigurableApplicationContext context;

    private RunningPull(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningPull start(CampaignSite site, String platformUrl, String... settings) {
        return new RunningPull(new SpringApplicationBuilder(CampaignPull.class)
                .run(settings(site, platformUrl, settings).stream()
                        .map(setting -> "--" + setting)
                        .toArray(String[]::new)));
    }

    /** A window of half a second, pauses of milliseconds, a run only when asked for after the first. */
    static List<String> settings(CampaignSite site, String platformUrl, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "server.port=0",
                "SYNC_TOKEN=" + TOKEN,
                "DB_A_URL=" + site.service.url(),
                "DB_A_USER=" + site.service.user(),
                "DB_A_PASSWORD=" + site.service.password(),
                "CAMPAIGN_CRON=0 0 0 1 1 *",
                "CAMPAIGN_API_URL=" + platformUrl,
                "CAMPAIGN_API_USER=stand-in",
                "CAMPAIGN_API_PASSWORD=stand-in-password",
                "CAMPAIGN_API_CLIENT_ID=outbox-sync",
                "campaign-pull.look-every=50ms",
                "campaign-pull.lease=2s",
                "campaign-pull.platform.window=500ms",
                "campaign-pull.platform.window-margin=20ms",
                "campaign-pull.platform.connect-timeout=1s",
                "campaign-pull.platform.read-timeout=1s",
                "campaign-pull.platform.first-pause=10ms",
                "campaign-pull.platform.longest-pause=50ms",
                "campaign-pull.platform.outage-pause=50ms",
                "campaign-pull.platform.longest-outage-pause=200ms"));
        for (String setting : more) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            settings.removeIf(usual -> usual.startsWith(name));
            settings.add(setting);
        }
        return settings;
    }

    /** Waits for the end of the newest run. */
    JsonNode awaitEnd() {
        return await(run -> !run.path("finished_at").isNull());
    }

    /** Waits until the newest run is like that. */
    JsonNode await(Predicate<JsonNode> wanted) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> runs().path("items").path(0), run -> !run.isMissingNode() && wanted.test(run));
    }

    /** A run now, to its end. */
    JsonNode run() {
        var begun = post("/campaign-pull/runs", "");
        if (begun.statusCode() != 202) {
            throw new IllegalStateException(begun.body());
        }
        return awaitEnd();
    }

    JsonNode runs() {
        return JSON.readTree(get("/campaign-pull/runs").body());
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> postWithoutToken(String path) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.noBody()));
    }

    /** As a page asks that has had its own name lead here. */
    HttpResponse<String> getAs(String host, String path) {
        return send(request(path).header("Host", host));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path)).timeout(PATIENCE);
    }

    private String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** What is mapped, as {@code GET /campaign-pull/runs}. */
    Set<String> routes() {
        return MappedRoutes.of(context);
    }

    /** What this service says of itself; each answer is held to it. */
    ApiDocument document() {
        return ApiDocument.of("campaign-pull", address());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            document().demandDocumented(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
