package dev.outboxsync.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The site's REST API as the story calls it, and as a reader would with curl. */
final class Rest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final String url;
    private final String token;

    Rest(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** One call. The body is empty for none; calls that steer carry the token. */
    record Call(String method, String path, String body, boolean steers) {
        static Call get(String path) {
            return new Call("GET", path, "", false);
        }

        static Call write(String method, String path, String body) {
            return new Call(method, path, body, false);
        }

        static Call steer(String method, String path, String body) {
            return new Call(method, path, body, true);
        }

        /** For a shell that has sourced {@code .stack/env}. */
        String[] asCurl() {
            List<String> lines = new ArrayList<>();
            String verb = method.equals("GET") ? "" : "-X " + method + " ";
            lines.add("$ curl " + verb + "\"$LOCAL_API_URL" + path + "\"");
            if (steers) {
                lines.add("     -H \"Authorization: Bearer $SYNC_TOKEN\"");
            }
            if (!body.isEmpty()) {
                lines.add("     -H 'Content-Type: application/json' -d '" + body + "'");
            }
            return String.join(" \\\n", lines).split("\n", -1);
        }
    }

    /** Returns the body of an answer 2xx; any other is a {@link StepFailed}. */
    JsonNode send(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + call.path()))
                .timeout(LIMIT)
                .method(call.method(), HttpRequest.BodyPublishers.ofString(call.body()));
        if (!call.body().isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (call.steers()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new StepFailed(call.method() + " " + call.path() + " was answered with " + answer.statusCode()
                        + ": " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new StepFailed(call.method() + " " + call.path() + " was not answered: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("Interrupted at " + call.method() + " " + call.path());
        }
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }
}
