package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server-dependent")
class DevelopmentStackTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path project;

    @TempDir
    static Path folder;

    private static DevelopmentStack stack;

    @BeforeAll
    static void startOne() throws IOException {
        stack = DevelopmentStack.of(new StackPlan(folder, StandInService.project(project))
                .freePorts()
                .also("outbox-relay-2", StackPlan.OUTBOX_RELAY)
                .setting("outbox-relay-2", "SYNC_CRON", "-")
                .supervised()
                .announcingTo(LINES::add));
        stack.start();
    }

    @AfterAll
    static void stopIt() {
        stack.close();
    }

    @Test
    void everybody_is_told_when_a_process_is_ready() {
        assertThat(LINES)
                .filteredOn(line -> line.contains(" is ready on 127.0.0.1:"))
                .hasSize(7);
    }

    @Test
    void the_env_file_names_everything_and_is_its_owners_alone() throws IOException {
        Map<String, String> env = EnvFile.read(folder.resolve("env"));

        assertThat(env.keySet())
                .containsExactlyInAnyOrder(
                        "DB_A_URL",
                        "DB_A_USER",
                        "DB_A_PASSWORD",
                        "DB_A_ADMIN_USER",
                        "DB_A_ADMIN_PASSWORD",
                        "DB_B_URL",
                        "DB_B_USER",
                        "DB_B_PASSWORD",
                        "DB_B_ADMIN_USER",
                        "DB_B_ADMIN_PASSWORD",
                        "RELAY_DB_A_USER",
                        "RELAY_DB_A_PASSWORD",
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "SITE_ID",
                        "SITE_NUMBER",
                        "SYNC_TABLES",
                        "IS_ONLINE",
                        "SYNC_CRON",
                        "RELAY_URL",
                        "SYNC_TOKEN",
                        "CENTRE_TOKEN",
                        "LOCAL_API_URL",
                        "OUTBOX_RELAY_URL",
                        "CENTRAL_CONSUMER_URL");
        assertThat(env).containsEntry("DB_A_USER", "outbox_api").containsEntry("RELAY_DB_A_USER", "outbox_relay");
        assertThat(env).containsEntry("SYNC_CRON", "*/2 * * * * *");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("env"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void a_service_sees_its_own_settings_and_none_of_another() throws Exception {
        assertThat(get(stack.url("local-api") + "/environment").split(","))
                .filteredOn(name -> !isInherited(name))
                .containsExactlyInAnyOrder(
                        "DB_A_URL",
                        "DB_A_USER",
                        "DB_A_PASSWORD",
                        "DB_A_ADMIN_USER",
                        "DB_A_ADMIN_PASSWORD",
                        "SITE_ID",
                        "SITE_NUMBER",
                        "SYNC_TABLES",
                        "RELAY_URL",
                        "SYNC_TOKEN",
                        "SERVER_PORT");
        assertThat(get(stack.url("central-consumer") + "/environment"))
                .contains("DB_B_URL")
                .doesNotContain("DB_A_");
    }

    @Test
    void a_service_may_do_nothing_but_what_its_role_is_granted() throws SQLException {
        Map<String, String> env = stack.environment();
        execute(stack.databaseA(), "CREATE TABLE things (id INT PRIMARY KEY)");

        assertThatThrownBy(() -> api(env)).isInstanceOf(SQLException.class).hasMessageContaining("Access denied");
        execute(
                stack.databaseA(),
                "CREATE ROLE IF NOT EXISTS outbox_sync_api",
                "GRANT SELECT ON local_db.things TO outbox_sync_api");

        try (Connection api = api(env);
                Statement statement = api.createStatement()) {
            assertThat(statement.executeQuery("SELECT id FROM things").next()).isFalse();
            assertThatThrownBy(() -> statement.execute("INSERT INTO things VALUES (1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("denied");
        }
    }

    @Test
    void what_dies_is_started_again_and_a_line_says_so() throws IOException {
        long killed = pid("central-consumer");

        stack.kill9("central-consumer");

        await().atMost(LIMIT).until(() -> pid("central-consumer") != killed && answers("central-consumer"));
        assertThat(LINES).contains("central-consumer ended with exit code 137: it is started again in 1 s.");
    }

    @Test
    void what_is_stopped_stays_stopped_until_it_is_started() {
        stack.stop("local-api");

        await().during(Duration.ofSeconds(3)).atMost(LIMIT).until(() -> !answers("local-api"));
        assertThat(folder.resolve("run/local-api.pid")).doesNotExist();
        stack.start("local-api");
        assertThat(answers("local-api")).isTrue();
        assertThat(folder.resolve("run/local-api.pid")).exists();
    }

    @Test
    void a_second_stack_in_the_folder_is_a_sentence() {
        assertThatThrownBy(() -> DevelopmentStack.of(new StackPlan(folder, project)))
                .isInstanceOf(StackProblem.class)
                .hasMessageContaining("A stack runs in " + folder + " already (process "
                        + ProcessHandle.current().pid() + ")");
    }

    @Test
    void a_taken_port_is_a_sentence_that_names_the_variable(@TempDir Path other) throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DevelopmentStack second = DevelopmentStack.of(
                        new StackPlan(other, project).freePorts().port("kafka", holder.getLocalPort()))) {
            assertThatThrownBy(second::start)
                    .isInstanceOf(StackProblem.class)
                    .hasMessageStartingWith("Port " + holder.getLocalPort() + " is taken, and kafka needs it")
                    .hasMessageEndingWith("set KAFKA_PORT to a port that is free.");
        }
    }

    @Test
    void data_is_kept_unless_it_is_to_be_forgotten(@TempDir Path other) throws Exception {
        try (DevelopmentStack first = databasesOnly(new StackPlan(other, project))) {
            execute(first.databaseB(), "CREATE TABLE kept (id INT)", "INSERT INTO kept VALUES (1)");
        }
        try (DevelopmentStack second = databasesOnly(new StackPlan(other, project))) {
            execute(second.databaseB(), "UPDATE kept SET id = 2");
        }
        try (DevelopmentStack fresh = databasesOnly(new StackPlan(other, project).fresh())) {
            assertThatThrownBy(() -> execute(fresh.databaseB(), "SELECT id FROM kept"))
                    .hasMessageContaining("doesn't exist");
        }
        assertThat(other.resolve("run")).isDirectoryNotContaining("glob:**.pid");
    }

    @Test
    void a_service_that_does_not_start_ends_the_stack_and_its_log_is_quoted(@TempDir Path other) {
        StackPlan plan = new StackPlan(other, project)
                .freePorts()
                .setting(StackPlan.OUTBOX_RELAY, "JAVA_TOOL_OPTIONS", "-XX:+NoSuchOption");

        try (DevelopmentStack stack = DevelopmentStack.of(plan)) {
            assertThatThrownBy(stack::start)
                    .isInstanceOf(StackProblem.class)
                    .hasMessageStartingWith("outbox-relay ended while it started (exit code 1).")
                    .hasMessageContaining("NoSuchOption");
        }
        for (String name : StackPlan.PROCESSES) {
            assertThat(Ports.answers(plan.port(name))).as(name).isFalse();
        }
    }

    @Test
    void orphans_of_a_killed_stack_are_ended_and_nobody_else(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("run"));
        Process orphan = standIn(other);
        Process stranger = standIn(project);
        Files.writeString(other.resolve("run/local-api.pid"), orphan.pid() + "\n");
        Files.writeString(other.resolve("run/kafka.pid"), stranger.pid() + "\n");
        Files.writeString(other.resolve("run/mysql-a.pid"), "no number");
        Queue<String> lines = new ConcurrentLinkedQueue<>();

        DevelopmentStack.of(new StackPlan(other, project).freePorts().announcingTo(lines::add))
                .close();

        assertThat(orphan.isAlive()).isFalse();
        assertThat(stranger.isAlive()).isTrue();
        assertThat(lines)
                .containsExactly("An earlier stack was killed and left processes, which are ended now: local-api.");
        stranger.destroyForcibly();
    }

    private static DevelopmentStack databasesOnly(StackPlan plan) {
        DevelopmentStack started = DevelopmentStack.of(
                plan.freePorts().without("local-api").without("outbox-relay").without("central-consumer"));
        started.start();
        return started;
    }

    private static Process standIn(Path workingFolder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        project.resolve("local-api/target/local-api-app.jar").toString())
                .directory(workingFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        int port = Ports.free();
        builder.environment().put("SERVER_PORT", Integer.toString(port));
        Process process = builder.start();
        await().atMost(LIMIT).until(() -> Ports.answers(port));
        return process;
    }

    /** What every program needs, and what the shell that starts it adds. */
    private static boolean isInherited(String name) {
        return List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_")
                .contains(name);
    }

    private static Connection api(Map<String, String> env) throws SQLException {
        return DriverManager.getConnection(env.get("DB_A_URL"), env.get("DB_A_USER"), env.get("DB_A_PASSWORD"));
    }

    private static long pid(String name) throws IOException {
        return Long.parseLong(
                Files.readString(folder.resolve("run/" + name + ".pid")).strip());
    }

    private static boolean answers(String service) {
        return Ports.answers(URI.create(stack.url(service)).getPort());
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
