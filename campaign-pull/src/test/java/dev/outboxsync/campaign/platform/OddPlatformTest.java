package dev.outboxsync.campaign.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no HTTP server would do by itself, byte by byte: no call lasts longer than its time-outs, or holds more than its bound. */
class OddPlatformTest {
    private static final String TOKEN = "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"access_token\":\"t1\"}";
    private static final Duration A_CALL_AND_MORE = Duration.ofSeconds(4);

    private final CallsInMemory log = new CallsInMemory();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK\\r\\nX-Slow:  | x | TIMED_OUT",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\n{\"data\": | x | TIMED_OUT",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n{\"dat\\r\\n | | TIMED_OUT",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\n{\"data\": | close | CONNECTION_FAILED",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n | close | CONNECTION_FAILED",
                "SSH-2.0-OpenSSH\\r\\n\\r\\n | close | CONNECTION_FAILED"
            })
    void an_answer_that_does_not_end_is_given_up_in_time(String begin, String goesOn, String reason) throws Exception {
        try (var platform = new Raw(begin.replace("\\r", "\r").replace("\\n", "\n"), goesOn == null ? "" : goesOn)) {
            long begun = System.nanoTime();

            assertFailure(platform.url(), 1, reason);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(A_CALL_AND_MORE);
            assertThat(log.faults).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "99999999999999999999"})
    void a_length_that_is_no_number_is_a_bad_answer(String length) throws Exception {
        try (var platform = new Raw("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n{}", "close")) {
            assertFailure(platform.url(), 1, "BAD_ANSWER: its Content-Length is no number");
        }
    }

    @Test
    void an_endless_body_is_left_at_the_bound() throws Exception {
        String begin = "HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n";
        try (var platform = new Raw(begin, "x".repeat(8_192))) {
            assertFailure(platform.url(), 3, "BAD_ANSWER: it is larger than 10240 bytes");

            assertThat(log.made).hasValue(1);
            assertThat(platform.sent).hasValueLessThan(50 * 1024 * 1024);
        }
    }

    @Test
    void nobody_there_is_tried_again() throws IOException {
        String url;
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + nobody.getLocalPort();
        }

        assertFailure(url, 3, "CONNECTION_FAILED");
        assertThat(log.made).as("without a token no call is made").hasValue(0);
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_told_from_a_broken_connection_and_shown_no_password() {
        var platform = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .dynamicHttpsPort());
        platform.start();
        try {
            assertFailure("https://127.0.0.1:" + platform.httpsPort(), 2, "TLS_FAILED");
            assertFailure("https://127.0.0.1:" + platform.port(), 2, "TLS_FAILED");

            assertThat(platform.getAllServeEvents()).isEmpty();
        } finally {
            platform.stop();
        }
    }

    private void assertFailure(String url, int attempts, String reason) {
        assertThatThrownBy(() -> QuickClient.of(url, attempts, log).page(1))
                .isInstanceOf(PlatformFailure.class)
                .hasMessage(reason);
    }

    /** Gives a token, and to all else these bytes, then others at intervals for as long as anybody listens. */
    private static final class Raw implements AutoCloseable {
        final AtomicInteger sent = new AtomicInteger();
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String begin;
        private final String goesOn;

        Raw(String begin, String goesOn) throws IOException {
            this.begin = begin;
            this.goesOn = goesOn;
            inBackground(this::accept);
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        private interface Talk {
            void run() throws IOException, InterruptedException;
        }

        private static void inBackground(Talk talk) {
            Thread thread = new Thread(() -> {
                try {
                    talk.run();
                } catch (IOException | InterruptedException gone) {
                    // the client has left, or the test has ended
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() throws IOException {
            while (true) {
                Socket socket = server.accept();
                inBackground(() -> talk(socket));
            }
        }

        private void talk(Socket socket) throws IOException, InterruptedException {
            try (socket) {
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                byte[] request = new byte[8_192];
                for (int read = in.read(request); read > 0; read = in.read(request)) {
                    boolean token = new String(request, 0, read, StandardCharsets.ISO_8859_1).startsWith("POST");
                    out.write((token ? TOKEN : begin).getBytes(StandardCharsets.ISO_8859_1));
                    if (!token) {
                        goOn(out);
                        return;
                    }
                }
            }
        }

        private void goOn(OutputStream out) throws IOException, InterruptedException {
            while (!goesOn.equals("close")) {
                Thread.sleep(goesOn.length() < 100 ? 50 : 0);
                out.write(goesOn.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                sent.addAndGet(goesOn.length());
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
