package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.event.Site;
import dev.outboxsync.stack.TestParts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.ProducerFactory;

/** The service on a real MySQL and a real Kafka. */
class OutboxRelayTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final String name = "site-" + UUID.randomUUID().toString().substring(0, 8);
    private final Site site = new Site(name);
    private final SiteMySql mySql = new SiteMySql(site);
    private final String kafka = TestParts.kafka().bootstrapServers();

    @AfterEach
    void close() {
        mySql.close();
    }

    @Test
    void a_change_reaches_the_topic_as_the_contract_says_and_is_synced_by_its_acknowledgement() throws Exception {
        try (var relay = new RunningRelay(mySql, kafka, name);
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();
            mySql.sql.update("SET @outbox_sync_traceparent = NULL");
            mySql.sql.update("INSERT INTO users (name, email, updated_at)"
                    + " VALUES ('Ann 😀', 'ann@example.org', '2026-11-23 06:00:00.12')");
            mySql.sql.update("UPDATE sync_queue SET last_updated_at = '2026-11-23 06:00:00.123456'");

            assertThat(relay.run().body()).startsWith("{\"published\":1,\"took_ms\":");
            awaitSynced(1);

            var received = centre.received.get(0);
            assertThat(new String(received.key(), StandardCharsets.UTF_8)).isEqualTo("users/1");
            assertThat(new String(received.value(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"v\":1,\"site\":\"" + name + "\",\"epoch\":1,\"sequence\":1,\"table\":\"users\","
                            + "\"operation\":\"INSERT\",\"record_id\":\"1\","
                            + "\"captured_at\":\"2026-11-23T06:00:00.123456Z\","
                            + "\"row\":{\"id\": \"1\", \"name\": \"Ann 😀\", \"email\": \"ann@example.org\","
                            + " \"updated_at\": \"2026-11-23T06:00:00.120000\"}}");
            assertThat(received.headers()).isEmpty();
        }
    }

    @Test
    void ten_thousand_changes_arrive_in_order_and_once() throws Exception {
        mySql.writeUsers(10_000);
        try (var relay = new RunningRelay(mySql, kafka, name);
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();

            assertThat(relay.run().statusCode()).isEqualTo(200);
            awaitSynced(10_000);

            assertThat(centre.sequences()).hasSize(10_000).isSorted();
            assertThat(relay.get("/relay").body())
                    .contains("\"online\":true,\"leading\":true,\"in_flight\":0", "\"published\":10000");
            assertThat(relay.get("/actuator/prometheus").body()).contains("relay_synced_total 10000.0");
        }
    }

    @Test
    void an_acknowledgement_from_before_its_start_settles_nothing() throws Exception {
        mySql.writeUsers(1);
        try (var relay = new RunningRelay(mySql, kafka, name);
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();
            relay.run();
            awaitSynced(1);
            assertThat(centre.received).hasSize(1);
        }
        // As in a database that was restored: the row waits again, and its old acknowledgement is in the topic.
        mySql.sql.update("UPDATE sync_queue SET sync_status = 'PENDING'");
        mySql.sql.update("UPDATE sync_site SET synced = 0");

        try (var relay = new RunningRelay(mySql, kafka, name);
                var centre = new AcknowledgingCentre(kafka, site)) {
            centre.acknowledging = false;
            relay.awaitReady();
            relay.run();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> mySql.sql.queryForObject(
                            "SELECT sync_status = 'SYNCED' OR retry_count > 0 FROM sync_queue", Boolean.class));
        }

        assertThat(mySql.count("PENDING")).isEqualTo(1);
    }

    @Test
    void what_it_publishes_is_confirmed_by_all_replicas_compressed_and_never_repeated_by_the_client() {
        try (var relay = new RunningRelay(mySql, kafka, name)) {
            ProducerFactory<?, ?> producers = relay.context.getBean(ProducerFactory.class);
            Map<String, Object> settings = producers.getConfigurationProperties();

            assertThat(settings)
                    .containsEntry("acks", "all")
                    .containsEntry("compression.type", "lz4")
                    .containsEntry("enable.idempotence", "true");
        }
    }

    @Test
    void topics_are_made_with_one_partition_and_kept_for_a_month() throws Exception {
        try (var relay = new RunningRelay(mySql, kafka, name);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            relay.awaitReady();

            var topics = List.of(site.changesTopic(), site.acknowledgementsTopic());
            var described = admin.describeTopics(topics).allTopicNames().get();
            assertThat(described.values())
                    .hasSize(2)
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(1));
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, site.changesTopic());
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("retention.ms").value())
                    .isEqualTo(String.valueOf(Duration.ofDays(31).toMillis()));
            assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        }
    }

    @Test
    void a_deleted_topic_of_acknowledgements_heals_by_itself() throws Exception {
        try (var relay = new RunningRelay(mySql, kafka, name);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            try (var centre = new AcknowledgingCentre(kafka, site)) {
                relay.awaitReady();
                mySql.writeUsers(10);
                relay.run();
                awaitSynced(10);
                assertThat(centre.received).hasSize(10);
            }
            admin.deleteTopics(List.of(site.acknowledgementsTopic())).all().get();
            mySql.writeUsers(10);
            assertThat(relay.run().statusCode()).isEqualTo(200);

            try (var centre = new AcknowledgingCentre(kafka, site)) {
                awaitSynced(20);
                assertThat(centre.received).isNotEmpty();
            }
        }
    }

    @Test
    void the_switch_holds_the_relay_back_and_a_cycle_offline_is_a_conflict() throws Exception {
        mySql.writeUsers(1);
        try (var relay = new RunningRelay(mySql, kafka, name, "--IS_ONLINE=false");
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();

            assertThat(relay.run().statusCode()).isEqualTo(409);
            assertThat(relay.get("/relay").body())
                    .isEqualTo("{\"site\":\"" + name + "\",\"online\":false,\"leading\":false,\"in_flight\":0,"
                            + "\"last_cycle\":" + lastCycle(relay) + ",\"next_cycle_at\":null}");
            assertThat(mySql.count("PENDING")).isEqualTo(1);
            assertThat(relay.put("/relay/online", "{\"online\":true}").statusCode())
                    .isEqualTo(200);
            assertThat(relay.run().statusCode()).isEqualTo(200);
            awaitSynced(1);

            assertThat(centre.received).hasSize(1);
            assertThat(relay.put("/relay/online", "{}").statusCode()).isEqualTo(400);
            assertThat(relay.put("/relay/online", "{\"online\":\"yes\"}").statusCode())
                    .isEqualTo(400);
            assertThat(relay.runWithoutToken().statusCode()).isEqualTo(401);
        }
    }

    private static String lastCycle(RunningRelay relay) {
        return relay.get("/relay").body().replaceAll(".*\"last_cycle\":(.*),\"next_cycle_at\".*", "$1");
    }

    @Test
    void a_changed_is_online_wins_at_start_and_an_unchanged_one_does_not() {
        try (var relay = new RunningRelay(mySql, kafka, name, "--IS_ONLINE=true")) {
            relay.awaitReady();
            assertThat(relay.put("/relay/online", "{\"online\":false}").statusCode())
                    .isEqualTo(200);
        }
        try (var relay = new RunningRelay(mySql, kafka, name, "--IS_ONLINE=true")) {
            relay.awaitReady();
            assertThat(relay.get("/relay").body()).contains("\"online\":false");
        }
        try (var relay = new RunningRelay(mySql, kafka, name, "--IS_ONLINE=false")) {
            relay.awaitReady();
        }
        try (var relay = new RunningRelay(mySql, kafka, name, "--IS_ONLINE=true")) {
            relay.awaitReady();
            assertThat(relay.get("/relay").body()).contains("\"online\":true");
        }
    }

    @Test
    void is_online_takes_true_and_false_only() {
        assertThatThrownBy(() -> new RunningRelay(mySql, kafka, name, "--IS_ONLINE=yes").close())
                .hasStackTraceContaining("IS_ONLINE must be true or false");
    }

    @Test
    void without_kafka_it_starts_and_is_not_ready() {
        try (var relay = new RunningRelay(mySql, "no-such-host.invalid:9092", name, "--TRUSTED_NETWORK=true")) {
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> relay.run().body().contains(". The relay tries again by itself."));

            assertThat(relay.readiness()).isEqualTo(503);
            assertThat(relay.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void without_its_tables_it_starts_waits_and_is_ready_by_itself_when_they_come() {
        mySql.sql.execute("RENAME TABLE sync_site TO elsewhere");
        try (var relay = new RunningRelay(mySql, kafka, name)) {
            assertThat(relay.readiness()).isEqualTo(503);
            assertThat(relay.run().statusCode()).isEqualTo(503);
            assertThat(relay.get("/relay").statusCode()).isEqualTo(503);
            assertThat(relay.get("/relay").body()).contains("Nothing was changed: try again.");
            assertThat(relay.put("/relay/online", "{\"online\":true}").body())
                    .contains("Whether the switch was turned is not known");

            mySql.sql.execute("RENAME TABLE elsewhere TO sync_site");

            relay.awaitReady();
        }
    }

    @Test
    void records_that_are_too_large_fail_and_those_behind_them_arrive() throws Exception {
        mySql.sql.execute("CREATE TABLE notes (id INT PRIMARY KEY, text LONGTEXT)");
        insertPayload(1, 10);
        insertPayload(2, 1_200_000);
        insertPayload(3, 1_048_560);
        insertPayload(4, 10);
        try (var relay = new RunningRelay(mySql, kafka, name, "--relay.longest-payload=1100000B");
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();

            assertThat(relay.run().statusCode()).isEqualTo(200);
            awaitSynced(2);

            assertThat(centre.sequences()).containsExactly(1L, 4L);
            assertThat(mySql.sql.queryForList(
                            "SELECT last_error FROM sync_queue WHERE sync_status = 'FAILED'", String.class))
                    .containsExactly("TOO_LARGE", "TOO_LARGE");
        }
    }

    private void insertPayload(int id, int length) {
        mySql.sql.update("""
                INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload)
                VALUES ('notes', ?, 'INSERT', UTC_TIMESTAMP(6), JSON_OBJECT('text', REPEAT('x', ?)))
                """, id, length);
    }

    @Test
    void a_relay_that_is_stopped_gives_up_its_lease_and_another_leads_at_once() {
        var first = new RunningRelay(mySql, kafka, name, "--relay.lease=1h");
        first.awaitReady();
        Awaitility.await().atMost(SOON).until(() -> first.get("/relay").body().contains("\"leading\":true"));
        try (var second = new RunningRelay(mySql, kafka, name)) {
            second.awaitReady();
            assertThat(second.get("/relay").body()).contains("\"leading\":false");

            first.close();

            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> second.get("/relay").body().contains("\"leading\":true"));
        }
    }

    private void awaitSynced(int changes) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(mySql.count("SYNCED")).isEqualTo(changes));
    }
}
