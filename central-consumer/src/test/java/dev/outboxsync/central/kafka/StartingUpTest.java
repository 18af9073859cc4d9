package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.INSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import dev.outboxsync.stack.Database;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartingUpTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private final CentralMySql mySql = new CentralMySql();
    private final String name =
            "c" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);

    @AfterEach
    void close() {
        mySql.execute("DROP USER IF EXISTS " + name);
        mySql.close();
    }

    @Test
    void the_admin_migrates_and_grants_what_the_service_needs_and_no_more() {
        mySql.execute("CREATE ROLE IF NOT EXISTS outbox_sync_centre");
        mySql.execute("CREATE USER " + name + " IDENTIFIED BY 'x' DEFAULT ROLE outbox_sync_centre");
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), name, "--DB_B_USER=" + name, "--DB_B_PASSWORD=x")) {
            site.send(site.changes.user(1, INSERT, 1, "Ann"), site.changes.order(2, INSERT, 1, 1, "1.00", "NEW"), null);

            await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).containsExactly(1L, 2L));

            assertThat(mySql.quarantined()).hasSize(1);
            assertThat(mySql.map("SELECT table_name, GROUP_CONCAT(privilege_type ORDER BY privilege_type)"
                            + " FROM information_schema.table_privileges"
                            + " WHERE table_schema = DATABASE() AND grantee LIKE '''outbox\\_sync\\_centre''%'"
                            + " GROUP BY table_name"))
                    .containsEntry("users", "DELETE,INSERT,SELECT,UPDATE")
                    .containsEntry("orders", "DELETE,INSERT,SELECT,UPDATE")
                    .containsEntry("sync_version", "INSERT,SELECT,UPDATE")
                    .containsEntry("sync_site", "INSERT,SELECT,UPDATE")
                    .containsEntry("sync_acknowledgement", "DELETE,INSERT,SELECT")
                    .containsEntry("sync_quarantine", "DELETE,INSERT,SELECT")
                    .hasSize(6);
            await().atMost(LIMIT).until(centre::isReady);
        }
    }

    @Test
    void without_its_tables_it_waits_says_why_and_goes_on_when_they_are_there(CapturedOutput output) {
        mySql.execute("RENAME TABLE sync_version TO not_yet");
        try (var centre = RunningCentre.on(mySql.database(), name, "--DB_B_ADMIN_USER=", "--SYNC_TABLES=users,stock")) {
            await().atMost(LIMIT).until(() -> output.getOut().contains("cannot read sync_version"));
            assertThat(centre.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(centre.get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"DOWN\"}");

            mySql.execute("RENAME TABLE not_yet TO sync_version");

            await().atMost(LIMIT).until(centre::isReady);
            assertThat(output.getOut()).contains("Table stock is not in DB_B, or not granted to this user");
        }
    }

    @Test
    void a_collation_that_takes_other_texts_for_equal_is_told_and_stops_nobody(CapturedOutput output) {
        mySql.execute("ALTER TABLE users MODIFY name VARCHAR(200) COLLATE utf8mb4_general_ci NOT NULL");
        try (var centre = RunningCentre.on(mySql.database(), name)) {
            await().atMost(LIMIT).until(() -> output.getOut().contains("users.name utf8mb4_general_ci"));

            await().atMost(LIMIT).until(centre::isReady);
        }
    }

    @Test
    void it_starts_without_a_database_and_without_a_broker(CapturedOutput output) throws IOException {
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var missing = new Database("jdbc:mysql://127.0.0.1:" + nobody + "/central", "centre", "secret-of-mine");
        try (var centre = RunningCentre.on(missing, name, "--DB_B_ADMIN_USER=")) {
            await().atMost(LIMIT).until(() -> output.getOut().contains("Cannot start yet"));
            assertThat(centre.isReady()).isFalse();
            assertThat(output.getOut()).doesNotContain("secret-of-mine");
        }
        try (var centre = RunningCentre.on(mySql.database(), name, "--KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + nobody)) {
            await().atMost(LIMIT).until(() -> output.getOut().contains("The lanes of all sites are open"));
            assertThat(centre.get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"DOWN\"}");
        }
    }

    @Test
    void nothing_is_shown_but_health_info_and_prometheus() {
        try (var centre = RunningCentre.on(mySql.database(), name)) {
            await().atMost(LIMIT).until(centre::isReady);

            assertThat(centre.get("/actuator/prometheus").body()).contains("sync_centre_batch");
            assertThat(centre.get("/actuator/info").statusCode()).isEqualTo(200);
            assertThat(centre.get("/actuator/env").statusCode()).isEqualTo(404);
            assertThat(centre.get("/users").statusCode()).isEqualTo(404);
            assertThat(centre.get("/actuator").statusCode()).isEqualTo(404);
            assertThat(centre.getAs("evil.example", "/actuator/health").statusCode())
                    .isEqualTo(421);
            assertThat(centre.routes()).isEqualTo(centre.document().routes());
            assertThat(centre.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
        }
    }
}
