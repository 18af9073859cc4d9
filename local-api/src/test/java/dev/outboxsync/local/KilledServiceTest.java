package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process, killed as by a power cut: who repeats his POST under its key has one record. */
@Tag("slow")
class KilledServiceTest {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String USER = "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
    private Process service;
    private Path log;

    @BeforeEach
    void start() throws IOException {
        log = Files.createTempFile(folder, "service", ".log");
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LocalApi.class.getName(),
                "--server.port=0"));
        builder.environment().put("SYNC_TOKEN", RunningApi.TOKEN);
        builder.environment().put("DB_A_URL", database.service().url());
        builder.environment().put("DB_A_USER", database.service().user());
        builder.environment().put("DB_A_PASSWORD", database.service().password());
        builder.environment().put("DB_A_ADMIN_USER", database.admin().user());
        builder.environment().put("DB_A_ADMIN_PASSWORD", database.admin().password());
        service = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Awaitility.await().atMost(LIMIT).until(this::isReady);
    }

    @AfterEach
    void stop() {
        service.destroyForcibly();
    }

    @Test
    void a_post_that_was_committed_and_never_answered_is_told_its_record() throws Exception {
        var unused = http.sendAsync(post(), HttpResponse.BodyHandlers.ofString());
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> database.count("users") == 1);
        kill();
        start();

        HttpResponse<String> repeat = http.send(post(), HttpResponse.BodyHandlers.ofString());

        assertThat(repeat.statusCode()).isEqualTo(201);
        assertThat(repeat.body()).contains("\"id\":1,", "ann@example.org");
        assertOneOfEach();
    }

    @Test
    void a_post_that_was_cut_off_before_its_commit_is_made_by_its_repeat() throws Exception {
        try (Connection writer = database.admin().connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO users (name, email) VALUES ('Bob', 'ann@example.org')");
            var unused = http.sendAsync(post(), HttpResponse.BodyHandlers.ofString());
            Awaitility.await().atMost(LIMIT).until(this::hasKeyUncommitted);
            kill();
            writer.rollback();
        }
        assertThat(database.count("idempotency_keys")).isZero();
        start();

        assertThat(http.send(post(), HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(201);
        assertOneOfEach();
    }

    /** Whether the service waits for the other writer's lock, its own key written and not committed. */
    private boolean hasKeyUncommitted() {
        return database.sql()
                        .sql("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
                                + " AND trx_rows_modified > 0")
                        .query(Long.class)
                        .single()
                > 0;
    }

    private void assertOneOfEach() {
        assertThat(List.of("users", "sync_queue", "idempotency_keys"))
                .allSatisfy(table -> assertThat(database.count(table)).as(table).isEqualTo(1));
    }

    private void kill() throws InterruptedException {
        service.destroyForcibly().waitFor();
        Awaitility.await().atMost(LIMIT).until(() -> openTransactions() == 0);
    }

    /** The server rolls a dead client's transaction back when it notices. */
    private long openTransactions() {
        return database.sql()
                .sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = :user")
                .param("user", database.service().user())
                .query(Long.class)
                .single();
    }

    private boolean isReady() throws IOException, InterruptedException {
        Matcher port = PORT.matcher(Files.readString(log));
        return port.find()
                && http.send(
                                        HttpRequest.newBuilder(address(port.group(1), "/actuator/health/readiness"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
    }

    private HttpRequest post() {
        try {
            Matcher port = PORT.matcher(Files.readString(log));
            assertThat(port.find()).isTrue();
            return HttpRequest.newBuilder(address(port.group(1), "/users"))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "8e03978e-40d5-43dd-bc93-6894a57f9324")
                    .POST(HttpRequest.BodyPublishers.ofString(USER))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URI address(String port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
