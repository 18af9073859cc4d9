package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Clients that send too much, too fast or too slowly get a refusal, and the others their answers. */
@ExtendWith(OutputCaptureExtension.class)
class RequestLimitsTest {
    private static final String HEAD = "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static SiteDatabase database;
    private static RunningApi api;

    @BeforeAll
    static void start() {
        database = SiteDatabases.fresh(TestParts.mySql());
        api = RunningApi.readyOn(
                database,
                "requests.longest-upload=1s",
                "requests.per-second=15",
                "server.tomcat.connection-timeout=2s",
                "server.tomcat.threads.max=4");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @AfterEach
    void nothing_was_written() {
        assertThat(database.count("users")).isZero();
        assertThat(database.count("sync_queue")).isZero();
    }

    @Test
    @Timeout(30)
    void a_body_that_drips_is_given_up() throws IOException {
        try (var socket = connected()) {
            send(socket, HEAD + "Content-Length: 60000\r\n\r\n{");

            String answer = whileDripping(socket);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("came too slowly", "send the request again");
        }
    }

    @Test
    @Timeout(30)
    void who_asks_whether_to_send_too_much_is_told_at_once() throws IOException {
        try (var socket = connected()) {
            send(socket, HEAD + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");

            assertThat(answer(socket)).startsWith("HTTP/1.1 413 ").contains("Send at most");
        }
    }

    @Test
    @Timeout(30)
    void a_body_that_stops_is_given_up(CapturedOutput output) throws IOException {
        try (var socket = connected()) {
            send(socket, HEAD + "Content-Length: 60000\r\n\r\n{\"name\":");

            assertThat(answer(socket))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("came too slowly", "send the request again");
            assertThat(output.getAll()).doesNotContain("already committed");
        }
    }

    @Test
    @Timeout(60)
    void clients_whose_bodies_stop_hold_half_of_the_threads_and_the_others_get_their_answers() throws IOException {
        List<Socket> stopping = IntStream.range(0, 4).mapToObj(i -> connected()).toList();
        for (Socket socket : stopping) {
            send(socket, HEAD + "Content-Length: 60000\r\n\r\n{");
        }

        assertThat(api.get("/users").status()).isEqualTo(200);

        List<String> answers = new ArrayList<>();
        for (Socket socket : stopping) {
            answers.add(answer(socket));
            socket.close();
        }
        assertThat(answers.stream().map(answer -> answer.substring(0, "HTTP/1.1 429".length())))
                .containsExactlyInAnyOrder("HTTP/1.1 408", "HTTP/1.1 408", "HTTP/1.1 429", "HTTP/1.1 429");
    }

    @Test
    void headers_over_the_limit_are_refused() throws IOException {
        assertThat(sent("GET /users HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (400|431) .*")
                .contains("application/problem+json");
        assertThat(sent("GET /users HTTP/1.1\r\nHost: localhost\r\n" + "X: x\r\n".repeat(200) + "\r\n"))
                .matches("(?s)HTTP/1.1 (400|431) .*")
                .contains("application/problem+json");
        assertThat(sent("GET /users?after=" + "1".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (400|414) .*")
                .contains("application/problem+json");
    }

    @Test
    void too_many_requests_at_once_are_refused_for_a_moment_and_health_still_answers() {
        List<Answer> flood = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> api.get("/users"))
                .toList();

        List<Answer> refused =
                flood.stream().filter(answer -> answer.status() != 200).toList();
        assertThat(refused).isNotEmpty().hasSizeLessThan(200).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        });
        assertThat(api.get("/actuator/health").status()).isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> api.get("/users").status() == 200);
    }

    private static String whileDripping(Socket socket) throws IOException {
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
        try {
            OutputStream body = socket.getOutputStream();
            ScheduledFuture<?> octets = drip.scheduleAtFixedRate(() -> octet(body), 0, 100, TimeUnit.MILLISECONDS);
            String answer = answer(socket);
            octets.cancel(true);
            return answer;
        } finally {
            drip.shutdownNow();
        }
    }

    private static void octet(OutputStream body) {
        try {
            body.write(' ');
        } catch (IOException cutOff) {
            throw new IllegalStateException("no more dripping", cutOff);
        }
    }

    private static String sent(String head) throws IOException {
        try (var socket = connected()) {
            send(socket, head);
            return answer(socket);
        }
    }

    private static Socket connected() {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
            socket.setSoTimeout(20_000);
            return socket;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What comes before the connection ends, however it ends. */
    private static String answer(Socket socket) throws IOException {
        var bytes = new byte[8_192];
        int length = socket.getInputStream().read(bytes);
        return length < 0 ? "" : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
