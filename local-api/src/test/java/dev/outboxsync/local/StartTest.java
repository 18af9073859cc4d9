package dev.outboxsync.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.local.RunningApi.Answer;
import dev.outboxsync.local.SiteDatabases.SiteDatabase;
import dev.outboxsync.stack.Place;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The service waits for its database, and refuses only what no waiting mends. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {
    private static final String ANN = "{\"name\":\"Ann\",\"email\":\"ann@example.org\"}";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** So long does an attempt last, and the end of a service that still fills its pool. */
    private static final String CONNECTION_TIMEOUT = "spring.datasource.hikari.connection-timeout=1000";

    @TempDir
    Path folder;

    @Test
    void the_service_starts_before_its_database_and_outlives_its_death() {
        try (var mySql =
                TestParts.ownMySql(new Place("mysql", folder.resolve("data"), folder.resolve("mysql.log"), 0))) {
            mySql.start();
            SiteDatabase database = SiteDatabases.fresh(mySql);
            mySql.kill9();

            try (RunningApi api = RunningApi.startedOn(
                    database,
                    "DB_A_ADMIN_USER=" + database.admin().user(),
                    "DB_A_ADMIN_PASSWORD=" + database.admin().password(),
                    CONNECTION_TIMEOUT)) {
                assertUnavailable(api.post("/users", ANN));
                assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
                assertThat(api.get("/actuator/health/liveness").status()).isEqualTo(200);

                mySql.start();
                api.awaitReadiness(200);
                assertThat(api.post("/users", ANN).status()).isEqualTo(201);

                mySql.kill9();
                assertUnavailable(api.get("/users/1"));
                assertThat(api.get("/users/1").body()).contains("Nothing was changed: try again.");
                assertThat(api.post("/users", ANN).body()).contains("is not known: look before you repeat it");
                assertUnavailable(api.postWithToken("/sync/capture", ""));
                api.awaitReadiness(503);

                mySql.start();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> api.get("/users/1").status() == 200);
                api.awaitReadiness(200);
            }
        }
    }

    @Test
    void a_table_that_is_not_there_is_not_called_captured(CapturedOutput output) {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());

        RunningApi.readyOn(database, "SYNC_TABLES=users,orders,stock").close();

        assertThat(output.getAll()).contains("DB_A is ready, captured are [users, orders], not under sync [stock]");
    }

    @Test
    void without_an_admin_the_service_waits_for_whoever_sets_the_database_up(CapturedOutput output) {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());

        try (RunningApi api = RunningApi.startedOn(database, CONNECTION_TIMEOUT)) {
            Awaitility.await().atMost(PATIENCE).until(() -> output.getAll().contains("DB_A is not ready"));
            assertThat(api.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertUnavailable(api.post("/users", ANN));

            RunningApi.readyOn(database, CONNECTION_TIMEOUT).close();
            api.awaitReadiness(200);

            assertThat(api.post("/users", ANN).status()).isEqualTo(201);
        }
    }

    @Test
    void health_tells_nothing_but_up_or_down() {
        try (RunningApi api = RunningApi.readyOn(SiteDatabases.fresh(TestParts.mySql()), CONNECTION_TIMEOUT)) {
            assertThat(api.get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(api.get("/actuator/health").json().has("components")).isFalse();
            assertThat(api.get("/actuator/prometheus").status()).isEqualTo(200);
        }
    }

    @Test
    void the_database_of_another_site_ends_the_service_with_a_sentence() throws Exception {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        RunningApi.readyOn(database, CONNECTION_TIMEOUT).close();

        assertThat(ends(database, "SITE_ID=site-2"))
                .contains("DB_A belongs to the site site-1, and SITE_ID is site-2.");
    }

    @Test
    void before_the_tables_were_looked_at_none_is_called_captured() throws Exception {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        RunningApi.readyOn(database).close();
        database.sql().sql("DROP TRIGGER sync_insert_users").update();

        // its triggers cannot be made as long as somebody works on the table
        try (Connection writer = database.admin().connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("SELECT * FROM users");
            String[] admin = {
                "DB_A_ADMIN_USER=" + database.admin().user(),
                "DB_A_ADMIN_PASSWORD=" + database.admin().password()
            };
            try (RunningApi api = RunningApi.startedOn(database, admin)) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> api.get("/sync/status").status() == 200);
                assertThat(api.get("/sync/status").body())
                        .contains("was not looked at yet")
                        .doesNotContain("\"captured\":true");

                writer.rollback();
                api.awaitReadiness(200);
                assertThat(api.get("/sync/status").body())
                        .contains("{\"table_name\":\"users\",\"captured\":true,\"problem\":null}");
            }
        }
    }

    @Test
    void a_table_that_no_trigger_can_capture_is_named_with_its_cure_and_the_rest_runs() {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        database.sql().sql("CREATE TABLE notes (text VARCHAR(10))").update();

        try (RunningApi api = RunningApi.readyOn(database, "SYNC_TABLES=users,orders,notes,later")) {
            assertThat(api.post("/users", ANN).status()).isEqualTo(201);
            assertThat(api.get("/sync/status").body())
                    .contains("{\"table_name\":\"users\",\"captured\":true,\"problem\":null}")
                    .contains("Table notes has no primary key, so its rows cannot be told apart. Give it one.")
                    .contains("Table later is not there. Create it, or take it out of SYNC_TABLES.");

            database.sql().sql("ALTER TABLE notes ADD PRIMARY KEY (text)").update();
            database.sql().sql("CREATE TABLE later (id INT PRIMARY KEY)").update();
            database.sql().sql("INSERT INTO later VALUES (1), (2)").update();
            assertThat(api.postWithToken("/sync/capture", "{}").json().path("captured"))
                    .hasSize(4);

            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(api.get("/sync/status")
                                    .json()
                                    .path("resyncs")
                                    .path(0)
                                    .path("state")
                                    .asString())
                            .isEqualTo("DONE"));
            assertThat(database.sql()
                            .sql("SELECT COUNT(*) FROM sync_queue WHERE table_name = 'later'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(2);

            long triggers = triggersOfLater(database);
            database.sql().sql("DROP TABLE later").update();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> api.get("/sync/status").body().contains("Table later is not there"));
            database.sql().sql("CREATE TABLE later (id INT PRIMARY KEY)").update();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !api.get("/sync/status").body().contains("Table later is not there"));
            // The status follows the table at once, its triggers a moment later.
            Awaitility.await().atMost(PATIENCE).until(() -> triggersOfLater(database) == triggers);

            database.sql().sql("DROP TRIGGER sync_insert_later").update();
            database.sql().sql("INSERT INTO later VALUES (3)").update();
            api.awaitReadiness(503);
            assertThat(api.get("/sync/status").body()).contains("A trigger is missing");
            api.postWithToken("/sync/capture", "{}");
            api.awaitReadiness(200);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(database.sql()
                                    .sql(
                                            "SELECT COUNT(*) FROM sync_queue WHERE table_name = 'later' AND record_id = '3'")
                                    .query(Long.class)
                                    .single())
                            .as("what was written while a trigger was missing")
                            .isEqualTo(1));
        }
    }

    @Test
    void another_collation_ends_the_service_with_a_sentence() throws Exception {
        SiteDatabase database = SiteDatabases.fresh(TestParts.mySql());
        String schema =
                database.sql().sql("SELECT DATABASE()").query(String.class).single();
        database.sql()
                .sql("ALTER DATABASE " + schema + " COLLATE utf8mb4_general_ci")
                .update();

        assertThat(ends(database)).contains("DB_A's collation is utf8mb4_general_ci");
    }

    @Test
    void a_missing_address_of_the_database_is_a_sentence() throws Exception {
        assertThat(ends(List.of())).contains("DB_A_URL is not set");
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.body()).doesNotContainIgnoringCase("exception", "SELECT", "jdbc");
    }

    private String ends(SiteDatabase database, String... settings) throws Exception {
        var all = new ArrayList<>(List.of(
                "DB_A_URL=" + database.service().url(),
                "DB_A_USER=" + database.service().user(),
                "DB_A_PASSWORD=" + database.service().password(),
                "DB_A_ADMIN_USER=" + database.admin().user(),
                "DB_A_ADMIN_PASSWORD=" + database.admin().password()));
        all.addAll(List.of(settings));
        return ends(all);
    }

    /** Starts the service as a process, which must end by itself, and returns what it said. */
    private String ends(List<String> settings) throws IOException, InterruptedException {
        Path log = folder.resolve("service.log");
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LocalApi.class.getName(),
                "--server.port=0",
                "--SYNC_TOKEN=" + RunningApi.TOKEN);
        settings.forEach(setting -> builder.environment()
                .put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)));
        Process process = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isEqualTo(1);
        assertThat(output).doesNotContain("\tat ");
        return output;
    }

    private static long triggersOfLater(SiteDatabase database) {
        return database.sql()
                .sql("SELECT COUNT(*) FROM information_schema.triggers"
                        + " WHERE event_object_schema = DATABASE() AND event_object_table = 'later'")
                .query(Long.class)
                .single();
    }
}
