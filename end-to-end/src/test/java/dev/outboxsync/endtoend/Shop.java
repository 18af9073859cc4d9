package dev.outboxsync.endtoend;

import dev.outboxsync.steering.document.ApiDocument;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of a service's REST API, such as a till is one. Safe for use by many threads. */
final class Shop {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;
    private final String token;

    Shop(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** An answer: its status, and its body as JSON. */
    record Answer(int status, JsonNode body) {
        long id() {
            return body.get("id").asLong();
        }

        String text(String field) {
            return body.get(field).asString();
        }
    }

    Answer addUser(String name, String email) {
        return send("POST", "/users", user(name, email));
    }

    Answer changeUser(long id, String name, String email) {
        return send("PUT", "/users/" + id, user(name, email));
    }

    Answer removeUser(long id) {
        return send("DELETE", "/users/" + id, null);
    }

    Answer addOrder(long userId, String amount, String status) {
        return send("POST", "/orders", order(userId, amount, status));
    }

    Answer changeOrder(long id, long userId, String amount, String status) {
        return send("PUT", "/orders/" + id, order(userId, amount, status));
    }

    Answer removeOrder(long id) {
        return send("DELETE", "/orders/" + id, null);
    }

    Answer status() {
        return send("GET", "/sync/status", null);
    }

    Answer retryAll() {
        return send("POST", "/sync/retry", "{}");
    }

    Answer switchOnline(boolean online) {
        return send("PUT", "/relay/online", "{\"online\":" + online + "}");
    }

    Answer runCycle() {
        return send("POST", "/relay/run", "");
    }

    Answer send(String method, String path, @Nullable String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(6))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            ApiDocument.of("local-api", url).demandDocumented(response);
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String user(String name, String email) {
        return JSON.createObjectNode().put("name", name).put("email", email).toString();
    }

    private static String order(long userId, String amount, String status) {
        return "{\"user_id\":%d,\"amount\":%s,\"status\":\"%s\"}".formatted(userId, amount, status);
    }
}
