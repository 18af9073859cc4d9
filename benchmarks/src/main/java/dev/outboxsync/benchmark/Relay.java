package dev.outboxsync.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The relay as it is steered over REST. */
final class Relay {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String token;

    Relay(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Turns the switch. */
    void online(boolean online) {
        try {
            HttpResponse<String> answer = http.send(
                    request("PUT", "/relay/online", "{\"online\":" + online + "}"),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new BenchmarkFailed("The relay cannot be switched: " + answer.body());
            }
        } catch (IOException e) {
            throw new BenchmarkFailed("The relay does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailed("Interrupted");
        }
    }

    /** Asks for a cycle now; the status code comes when Kafka has confirmed what it published. */
    CompletableFuture<Integer> run() {
        return http.sendAsync(request("POST", "/relay/run", ""), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
