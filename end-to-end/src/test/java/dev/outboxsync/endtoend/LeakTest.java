package dev.outboxsync.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Secrets and people's data, put in wherever something goes wrong, come out nowhere. */
@Tag("slow")
class LeakTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final DevelopmentStack STACK = TheStack.running();
    private static final Map<String, String> ENV = STACK.environment();
    private static final Path FOLDER = TheStack.folder();
    private static final long OF_ANOTHER = 987_654_321_000L;
    private static final List<String> SERVICES =
            List.of(StackPlan.LOCAL_API, StackPlan.OUTBOX_RELAY, StackPlan.CENTRAL_CONSUMER);

    /** In each planted name, address, password and token. */
    private final String mark = "planted" + UUID.randomUUID().toString().replace("-", "");

    private final String email = mark + "@example.org";
    private final String token = "token-" + mark;
    private final String forged = mark + "\\r\\n2026-11-25T12:00:00.000Z ERROR \\u001b[31m" + mark;
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void what_is_planted_shows_in_no_log_status_metric_or_process_list() throws Exception {
        refuseAtTheApi();
        refuseAtTheCentre();
        poisonBothTopics();
        List<Path> logs = new ArrayList<>(startWithWrongPasswords());
        SERVICES.forEach(this::sendWhatTomcatCannotRead);
        await().atMost(PATIENCE)
                .until(() -> send(StackPlan.LOCAL_API, "GET", "/sync/status?status=FAILED", "")
                        .contains("DUPLICATE_KEY"));

        try (Stream<Path> ofStack = Files.list(FOLDER.resolve("logs"))) {
            logs.addAll(ofStack.toList());
        }
        var shown = new LinkedHashMap<String, String>();
        for (Path log : logs) {
            shown.put(log.toString(), Files.readString(log, ISO_8859_1));
        }
        for (String service : SERVICES) {
            shown.put(service + " metrics", send(service, "GET", "/actuator/prometheus", ""));
            shown.put(service + " info", send(service, "GET", "/actuator/info", ""));
            shown.put(service + " health", send(service, "GET", "/actuator/health", ""));
        }
        shown.put("status", send(StackPlan.LOCAL_API, "GET", "/sync/status?limit=500", ""));
        shown.put("relay", send(StackPlan.OUTBOX_RELAY, "GET", "/relay", ""));
        shown.put(
                "last_error",
                TheStack.books()
                        .local()
                        .sql("SELECT last_error FROM sync_queue WHERE last_error IS NOT NULL")
                        .query(String.class)
                        .list()
                        .toString());
        shown.put(
                "quarantine",
                http.send(
                                request(StackPlan.CENTRAL_CONSUMER, "GET", "/quarantine?limit=500", "")
                                        .setHeader("Authorization", "Bearer " + ENV.get("CENTRE_TOKEN"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
        shown.put("processes", commandLines());

        assertThat(shown.get("quarantine")).contains("sync.changes.site-1");
        assertThat(shown.get("processes")).contains("central-consumer-app.jar");
        shown.forEach((place, text) -> secrets()
                .forEach((name, secret) -> assertThat(linesWith(text, secret))
                        .as(name + " in " + place)
                        .isEmpty()));
    }

    @AfterEach
    void leaveTheStackAsItWas() {
        Books books = TheStack.books();
        books.central().sql("DELETE FROM users WHERE id = ?").param(OF_ANOTHER).update();
        assertThat(TheStack.shop().send("POST", "/sync/retry", "{}").status()).isEqualTo(200);
        books.awaitDrained(PATIENCE);
        books.local()
                .sql("SELECT id FROM users WHERE email LIKE ?")
                .param("%" + mark + "%")
                .query(Long.class)
                .list()
                .forEach(TheStack.shop()::removeUser);
        books.awaitDrained(PATIENCE);
    }

    private static List<String> linesWith(String text, String secret) {
        return text.lines().filter(line -> line.contains(secret)).limit(5).toList();
    }

    private Map<String, String> secrets() {
        var secrets = new LinkedHashMap<String, String>();
        secrets.put("what was planted", mark);
        ENV.forEach((name, value) -> {
            if (name.endsWith("PASSWORD") || name.endsWith("TOKEN")) {
                secrets.put(name, value);
            }
        });
        return secrets;
    }

    private void refuseAtTheApi() throws Exception {
        String user = "{\"name\":\"Nora " + mark + "\",\"email\":\"" + email + "\"}";
        for (String body : List.of(
                user.replace("Nora", "x".repeat(201)),
                user.replace("@", ""),
                user.replace("}", ",\"password\":\"" + token + "\"}"),
                user.substring(0, user.length() - 1),
                user.replace("\"name\"", "\"" + forged + "\""),
                user.replace("\"Nora", "\"" + forged).replace(email, "x." + email),
                "[" + user + "]",
                "{\"user_id\":\"" + mark + "\",\"amount\":1}")) {
            send(StackPlan.LOCAL_API, "POST", "/users", body);
            send(StackPlan.LOCAL_API, "POST", "/orders", body);
            send(StackPlan.LOCAL_API, "POST", "/sync/retry", body);
        }
        for (String path : List.of(
                "/users/" + mark,
                "/users?after=" + mark,
                "/" + mark,
                "/users/1?" + mark + "=1",
                "/sync/status?status=" + mark)) {
            SERVICES.forEach(service -> send(service, "GET", path, ""));
        }
        send(StackPlan.OUTBOX_RELAY, "PUT", "/relay/online", "{\"online\":\"" + mark + "\"}");
        for (String route : List.of("/sync/retry", "/sync/resync", "/relay/run", "/quarantine/1/retry")) {
            SERVICES.forEach(service -> send(service, "POST", route, "{}"));
        }
    }

    /** Another record of the centre has the address; the API takes the user, and then refuses it a second time. */
    private void refuseAtTheCentre() {
        TheStack.books()
                .central()
                .sql("INSERT INTO users VALUES (?, ?, ?, NOW(6))")
                .params(OF_ANOTHER, mark, email)
                .update();
        assertThat(TheStack.shop().addUser("Nora " + mark, email).status()).isEqualTo(201);
        assertThat(TheStack.shop().addUser("Nora " + mark, email).status()).isEqualTo(409);
    }

    private void poisonBothTopics() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", STACK.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String topic : List.of("sync.changes.site-1", "sync.acks.site-1")) {
                for (String value : List.of(
                        forged,
                        "{\"v\":1,\"site\":\"" + forged + "\"}",
                        "{\"v\":1,\"table\":\"" + mark + "\",\"row\":{\"email\":\"" + email + "\"",
                        "{\"v\":1,\"site\":\"site-1\",\"epoch\":1,\"number\":1,\"refused\":[{\"sequence\":1,\"reason\":\""
                                + mark + "\"}]}")) {
                    List<Header> headers = List.of(
                            new RecordHeader("traceparent", forged.getBytes(UTF_8)), new RecordHeader(mark, null));
                    producer.send(new ProducerRecord<>(
                                    topic, 0, ("users/" + forged).getBytes(UTF_8), value.getBytes(UTF_8), headers))
                            .get();
                }
            }
        }
    }

    /** As somebody who has mistyped a password; until each has said that it waits. */
    private List<Path> startWithWrongPasswords() throws Exception {
        var logs = new ArrayList<Path>();
        var processes = new ArrayList<Process>();
        for (String service : SERVICES) {
            Path folder = Files.createDirectories(FOLDER.resolveSibling("leak").resolve(service));
            Path log = folder.resolve("log");
            var process = new ProcessBuilder(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-jar",
                    Path.of("..", service, "target", service + "-app.jar")
                            .toRealPath()
                            .toString());
            process.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
            process.environment().putAll(ENV);
            process.environment()
                    .putAll(Map.of(
                            "SERVER_PORT",
                            "0",
                            "DB_A_PASSWORD",
                            mark,
                            "DB_B_PASSWORD",
                            mark,
                            "DB_A_ADMIN_PASSWORD",
                            mark,
                            "DB_B_ADMIN_PASSWORD",
                            mark,
                            "SYNC_TOKEN",
                            token));
            processes.add(process.start());
            logs.add(log);
        }
        try {
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Path log : logs) {
                    assertThat(Files.readString(log)).containsIgnoringCase("next attempt in");
                }
            });
        } finally {
            for (Process process : processes) {
                process.destroy();
                process.waitFor(30, TimeUnit.SECONDS);
            }
        }
        return logs;
    }

    private void sendWhatTomcatCannotRead(String service) {
        String authorization = "Authorization: Bearer " + token + "\r\n";
        for (String request : List.of(
                "GET /users HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization : Bearer " + token + "\r\n\r\n",
                "GET /users HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a=\"" + mark + "; b=[" + token + "\r\n"
                        + authorization + "\r\n",
                "GET /users?name=<" + mark + ">\" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization + "\r\n",
                "GET /users?name=%zz" + mark + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization + "\r\n",
                "GET /users HTTP/1.1\r\nHost: " + mark + "_.@:x\r\n" + authorization + "\r\n",
                mark.replace('p', '{') + " /" + mark + " HTTP/1.1\r\n" + authorization + "\r\n",
                "POST /sync/retry HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + mark + "\r\n" + authorization
                        + "\r\n",
                "GET /users HTTP/" + mark + "\r\n\r\n")) {
            URI address = URI.create(STACK.url(service));
            try (var socket = new Socket(address.getHost(), address.getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                assertThat(socket.getInputStream().read()).isPositive();
            } catch (IOException e) {
                throw new AssertionError(service + " does not answer " + request, e);
            }
        }
    }

    private static String commandLines() throws IOException {
        var lines = new StringBuilder();
        try (Stream<Path> pids = Files.list(FOLDER.resolve("run"))) {
            for (Path pid : pids.toList()) {
                lines.append(Files.readString(
                                        Path.of("/proc", Files.readString(pid).strip(), "cmdline"))
                                .replace('\0', ' '))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private HttpRequest.Builder request(String service, String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(STACK.url(service) + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    /** With the planted token. */
    private String send(String service, String method, String path, String body) {
        try {
            return http.send(request(service, method, path, body).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
