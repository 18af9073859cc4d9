package dev.outboxsync.central.kafka;

import dev.outboxsync.central.CentralConsumer;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import dev.outboxsync.steering.document.ApiDocument;
import dev.outboxsync.steering.document.MappedRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service, in this JVM, on a port of its own. */
final class RunningCentre implements AutoCloseable {
    static final String TOKEN = "token-of-the-tests";

    private final ConfigurableApplicationContext context;

    private RunningCentre(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningCentre on(Database database, String group, String... settings) {
        var arguments = new ArrayList<>(List.of(
                "--DB_B_URL=" + database.url(),
                "--DB_B_USER=" + database.user(),
                "--DB_B_PASSWORD=" + database.password(),
                "--DB_B_ADMIN_USER=" + database.user(),
                "--DB_B_ADMIN_PASSWORD=" + database.password(),
                "--KAFKA_BOOTSTRAP_SERVERS=" + TestParts.kafka().bootstrapServers(),
                "--server.port=0",
                "--SYNC_TOKEN=" + TOKEN,
                "--spring.kafka.consumer.group-id=" + group,
                "--spring.kafka.consumer.properties.metadata.max.age.ms=500",
                "--spring.datasource.hikari.connection-timeout=2000",
                "--central.back-off.longest=500ms"));
        // a setting that is given twice would be taken for a list
        List.of(settings).forEach(setting -> {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            arguments.removeIf(given -> given.startsWith(name));
            arguments.add(setting);
        });
        return new RunningCentre(SpringApplication.run(CentralConsumer.class, arguments.toArray(String[]::new)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** What is mapped, as {@code GET /actuator/info}. */
    Set<String> routes() {
        return MappedRoutes.of(context);
    }

    /** What this service says of itself; each answer is held to it. */
    ApiDocument document() {
        return ApiDocument.of("central-consumer", address());
    }

    private String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    HttpResponse<String> get(String path) {
        return sent(HttpRequest.newBuilder(URI.create(address() + path)));
    }

    /** As a page asks that has had its own name lead here. */
    HttpResponse<String> getAs(String host, String path) {
        return sent(HttpRequest.newBuilder(URI.create(address() + path)).header("Host", host));
    }

    private HttpResponse<String> sent(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            document().demandDocumented(answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** With the token, unless it is empty. */
    HttpResponse<byte[]> send(String method, String path, String token) {
        return send(method, path, token, HttpRequest.BodyPublishers.noBody());
    }

    /** With the token and a form, as browsers send it. */
    HttpResponse<byte[]> sendForm(String method, String path, String form) {
        return send(method, path, TOKEN, HttpRequest.BodyPublishers.ofString(form));
    }

    private HttpResponse<byte[]> send(String method, String path, String token, HttpRequest.BodyPublisher body) {
        var request = HttpRequest.newBuilder(URI.create(address() + path)).method(method, body);
        if (body.contentLength() > 0) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<byte[]> answer =
                    HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            document()
                    .demandDocumented(new ApiDocument.Given(
                            method,
                            answer.request().uri().getRawPath(),
                            answer.statusCode(),
                            name -> answer.headers().firstValue(name).orElse(ApiDocument.MISSING),
                            new String(answer.body(), StandardCharsets.UTF_8)));
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    double counted(String name) {
        return bean(MeterRegistry.class).counter(name).count();
    }

    boolean isReady() {
        return get("/actuator/health/readiness").statusCode() == 200;
    }

    @Override
    public void close() {
        context.close();
    }
}
