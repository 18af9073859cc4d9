package dev.outboxsync.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.event.Site;
import dev.outboxsync.stack.TestParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever is written to a site's topic of acknowledgements, no row is settled by it, and those behind it are read. */
class PoisonedAcknowledgementsTest {
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
    void no_row_is_settled_by_what_is_no_acknowledgement_and_the_lane_goes_on() throws Exception {
        try (var relay = new RunningRelay(mySql, kafka, name);
                var centre = new AcknowledgingCentre(kafka, site)) {
            relay.awaitReady();
            centre.acknowledging = false;
            mySql.writeUsers(2);
            assertThat(relay.run().statusCode()).isEqualTo(200);
            mySql.writeUsers(1); // 3: never sent

            List<byte[]> poison = poison();
            send(poison);
            await().atMost(SOON).untilAsserted(() -> assertThat(ignored(relay)).isGreaterThanOrEqualTo(poison.size()));
            assertThat(mySql.count("PENDING")).isEqualTo(3);
            assertThat(mySql.sql.queryForList("SELECT last_error FROM sync_queue", String.class))
                    .allMatch(error -> error == null || error.equals("NOT_ACKNOWLEDGED"));

            await().atMost(SOON).until(() -> relay.run().statusCode() == 200 && isMalformed());
            assertThat(mySql.count("PENDING")).isEqualTo(3);

            centre.acknowledging = true;
            await().atMost(SOON).until(() -> relay.run().statusCode() == 200 && mySql.count("SYNCED") == 3);
            assertThat(mySql.sql.queryForList("SELECT last_error FROM sync_queue", String.class))
                    .containsOnlyNulls();
        }
    }

    /** Once the relay has sent the change again, for it has asked the centre anew. */
    private boolean isMalformed() throws Exception {
        send(List.of(refusal("MALFORMED")));
        return mySql.sql.queryForObject(
                "SELECT COALESCE(last_error LIKE 'MALFORMED operation: %', FALSE) FROM sync_queue WHERE id = 1",
                Boolean.class);
    }

    private static double ignored(RunningRelay relay) {
        return relay.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("relay_acknowledgements_ignored_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private byte[] refusal(String reason) {
        return acknowledgement("[]", "[{\"sequence\":1,\"reason\":\"" + reason + "\",\"detail\":\"operation\"}]")
                .getBytes(UTF_8);
    }

    private String acknowledgement(String applied, String refused) {
        return "{\"v\":1,\"site\":\"" + name + "\",\"epoch\":1,\"number\":1,\"applied\":" + applied + ",\"refused\":"
                + refused + ",\"from_offset\":0,\"committed_at\":\"2026-11-23T06:02:00Z\"}";
    }

    /** As large as only what was compressed can be. */
    private byte[] refusals(int count) {
        String refusal = "{\"sequence\":1,\"reason\":\"TOO_LONG\"},";
        return acknowledgement("[]", "[" + refusal.repeat(count).replaceAll(",$", "") + "]")
                .getBytes(UTF_8);
    }

    private List<byte[]> poison() {
        String all = acknowledgement("[[1,3]]", "[]");
        var poison = new ArrayList<byte[]>();
        poison.add(null);
        poison.add(new byte[0]);
        poison.add(new byte[] {0, (byte) 0xff});
        poison.add(new byte[900_000]);
        poison.add(refusals(200_000));
        poison.add(all.getBytes(UTF_16));
        poison.add(all.replace("site-", "säte-").getBytes(ISO_8859_1));
        List.of(
                        "\ufeff" + all,
                        all.substring(0, all.length() - 1),
                        all + all,
                        "[" + all + "]",
                        all.replace("\"epoch\":1", "\"epoch\":1,\"epoch\":1"),
                        all.replace("\"v\":1", "\"v\":2"),
                        all.replace("\"v\":1", "\"v\":\"1\""),
                        all.replace("\"v\":1,", ""),
                        all.replace(name, "another"),
                        all.replace(name, ""),
                        all.replace("\"epoch\":1", "\"epoch\":2"),
                        all.replace("\"epoch\":1", "\"epoch\":0"),
                        all.replace("\"number\":1", "\"number\":0"),
                        all.replace("\"number\":1", "\"number\":9223372036854775808"),
                        all.replace("[[1,3]]", "[[1,9223372036854775807],[1,3]]"),
                        all.replace("[[1,3]]", "[[3,1]]"),
                        all.replace("[[1,3]]", "[[0,3]]"),
                        all.replace("[[1,3]]", "[" + "[".repeat(5_000) + "]".repeat(5_000) + "]"),
                        all.replace("[[1,3]]", "null"),
                        all.replace("2026-11-23", "2026-02-30"),
                        all.replace("2026-11-23", "+10000-01-01"),
                        all.replace("\"from_offset\":0", "\"from_offset\":-1"),
                        all.replace("}", ",\"mark\":\"" + "m".repeat(17) + "\"}"),
                        all.replace("}", ",\"mark\":\"of-no-history\",\"previous\":\"nor-this-one\"}"),
                        all.replace("\"epoch\":1", "\"epoch\":2147483647"),
                        acknowledgement("[]", "[{\"sequence\":1,\"reason\":\"NO_IDEA\"}]"),
                        acknowledgement("[]", "[{\"sequence\":1}]"),
                        acknowledgement("[]", "[{\"sequence\":-1,\"reason\":\"TOO_LONG\"}]"))
                .forEach(text -> poison.add(text.getBytes(UTF_8)));
        return poison;
    }

    private void send(List<byte[]> values) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", kafka, "compression.type", "zstd", "max.request.size", 50_000_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(site.acknowledgementsTopic(), 0, new byte[] {0}, value))
                        .get();
            }
        }
    }
}
