package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real MySQL and a real Kafka. */
class CentralConsumerTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private final CentralMySql mySql = new CentralMySql();
    private final String group = "centre-" + UUID.randomUUID();

    @AfterEach
    void close() {
        mySql.execute("SET GLOBAL read_only = 0");
        mySql.close();
    }

    private static void awaitApplied(TestSite site, Long... sequences) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).containsExactly(sequences));
    }

    private void awaitCommitted(TestSite site, long offset) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(site.committedOffset(group)).isEqualTo(offset));
    }

    @Test
    void changes_are_applied_acknowledged_and_then_their_offset_is_committed() {
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            site.send(site.changes.user(1, INSERT, 1, "Ann"), site.changes.user(2, INSERT, 2, "Bob"));

            awaitApplied(site, 1L, 2L);
            awaitCommitted(site, 2);
            assertThat(mySql.users()).containsOnlyKeys("1", "2");
            await().atMost(LIMIT).until(centre::isReady);
        }
    }

    @Test
    void a_site_whose_topic_of_acknowledgements_is_missing_waits_alone_and_its_offset_with_it() {
        try (var mute = TestSite.withoutAcknowledgementsTopic();
                var other = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            mute.send(mute.changes.user(1, INSERT, 1, "Ann"));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(mySql.users()).containsOnlyKeys("1"));
            other.send(other.changes.user(1, INSERT, 2, "Bob"));

            awaitApplied(other, 1L);
            awaitCommitted(other, 1);
            assertThat(mute.committedOffset(group)).isEqualTo(-1);
            mute.makeAcknowledgementsTopic();
            awaitApplied(mute, 1L);
            awaitCommitted(mute, 1);
            await().atMost(LIMIT).until(centre::isReady);
        }
    }

    @Test
    void nothing_is_skipped_while_the_database_takes_no_writes() {
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            site.send(site.changes.user(1, INSERT, 1, "Ann"));
            awaitApplied(site, 1L);
            double batches = batches(centre);
            mySql.execute("SET GLOBAL super_read_only = 1");

            site.send(site.changes.user(2, UPDATE, 1, "Anna"));
            site.send(site.changes.user(3, INSERT, 2, "Bob"));
            await().during(Duration.ofSeconds(2))
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(site.applied()).containsExactly(1L));
            assertThat(site.committedOffset(group)).isLessThanOrEqualTo(1);
            assertThat(failingLanes(centre)).isOne();
            mySql.execute("SET GLOBAL read_only = 0");

            awaitApplied(site, 1L, 2L, 3L);
            awaitCommitted(site, 3);
            await().atMost(LIMIT).until(() -> failingLanes(centre) == 0);
            assertThat(mySql.users()).containsEntry("1", "Anna u1@example.org").containsKey("2");
            assertThat(batches(centre)).isGreaterThan(batches);
        }
    }

    private static double batches(RunningCentre centre) {
        return centre.bean(MeterRegistry.class).get("sync.centre.batch").timer().count();
    }

    private static double failingLanes(RunningCentre centre) {
        return centre.bean(MeterRegistry.class)
                .get("sync.centre.lanes.failing")
                .gauge()
                .value();
    }

    @Test
    void connections_that_are_killed_again_and_again_lose_nothing() {
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            await().atMost(LIMIT).until(centre::isReady);
            for (long sequence = 1; sequence <= 200; sequence++) {
                site.send(site.changes.user(sequence, UPDATE, sequence % 10, "n" + sequence));
                if (sequence % 20 == 0) {
                    mySql.killOtherSessions();
                }
            }

            awaitApplied(site, LongStream.rangeClosed(1, 200).boxed().toArray(Long[]::new));
            awaitCommitted(site, 200);
            assertThat(mySql.users()).hasSize(10).containsEntry("0", "n200 u0@example.org");
        }
    }

    @Test
    void what_is_no_event_is_quarantined_byte_by_byte_and_the_lane_goes_on() {
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            byte[] event = site.changes.user(1, INSERT, 1, "Ann");
            String text = new String(event, UTF_8);
            List<byte[]> poison = List.of(
                    new byte[] {0, (byte) 0xfe},
                    new byte[0],
                    text.substring(0, 40).getBytes(UTF_8),
                    text.replace("\"v\":1", "\"v\":99").getBytes(UTF_8),
                    text.replace("\"epoch\":1,", "").getBytes(UTF_8),
                    text.replace("INSERT", "UPSERT").getBytes(UTF_8),
                    text.replace(site.site.name(), "site-of-another").getBytes(UTF_8));
            poison.forEach(site::send);
            site.send((byte[]) null);
            site.send(event);

            awaitApplied(site, 1L);
            awaitCommitted(site, 9);
            var quarantined = mySql.quarantined();
            assertThat(quarantined).hasSize(8).containsEntry(7L, null);
            for (int i = 0; i < poison.size(); i++) {
                assertThat(quarantined.get((long) i)).isEqualTo(poison.get(i));
            }
            assertThat(mySql.map("SELECT topic_offset, CONCAT_WS(' ', reason, detail) FROM sync_quarantine"))
                    .containsEntry("0", "MALFORMED")
                    .containsEntry("3", "UNSUPPORTED_VERSION v")
                    .containsEntry("5", "WRONG_FIELD operation")
                    .containsEntry("6", "UNKNOWN_SITE site");
            assertThat(centre.bean(MeterRegistry.class)
                            .get("sync.centre.quarantined")
                            .counter()
                            .count())
                    .isEqualTo(8);
        }
    }

    @Test
    void all_is_read_and_acknowledged_again_without_effect_when_the_groups_offsets_are_gone() {
        try (var site = TestSite.withTopics()) {
            try (var centre = RunningCentre.on(mySql.database(), group)) {
                await().atMost(LIMIT).until(centre::isReady);
                site.send(site.changes.user(1, INSERT, 1, "Ann"), site.changes.user(2, UPDATE, 1, "Anna"));
                awaitCommitted(site, 2);
                mySql.execute("UPDATE users SET name = 'untouched'");
            }
            int before = site.acknowledgements().size();
            site.forgetGroup(group);

            try (var centre = RunningCentre.on(mySql.database(), group)) {
                await().atMost(LIMIT).until(centre::isReady);
                await().atMost(LIMIT).until(() -> site.acknowledgements().size() > before);
                awaitCommitted(site, 2);
            }

            assertThat(mySql.users()).containsEntry("1", "untouched u1@example.org");
            assertThat(site.acknowledgements())
                    .extracting(acknowledgement -> acknowledgement.id().number())
                    .doesNotHaveDuplicates()
                    .isSorted();
        }
    }

    @Test
    void a_second_centre_takes_over_what_the_first_one_had() {
        try (var one = TestSite.withTopics();
                var two = TestSite.withTopics();
                var staying = RunningCentre.on(mySql.database(), group)) {
            try (var leaving = RunningCentre.on(mySql.database(), group)) {
                await().atMost(LIMIT).until(leaving::isReady);
                one.send(one.changes.user(1, INSERT, 1, "Ann"));
                two.send(two.changes.user(1, INSERT, 2, "Bob"));
                awaitApplied(one, 1L);
                awaitApplied(two, 1L);
            }
            one.send(one.changes.user(2, UPDATE, 1, "Anna"));
            two.send(two.changes.user(2, UPDATE, 2, "Bobby"));

            awaitApplied(one, 1L, 2L);
            awaitApplied(two, 1L, 2L);
            assertThat(mySql.users())
                    .containsEntry("1", "Anna u1@example.org")
                    .containsEntry("2", "Bobby u2@example.org");
            assertThat(staying.isReady()).isTrue();
        }
    }

    @Test
    void to_begin_at_the_end_of_a_topic_is_refused_at_start() {
        assertThatThrownBy(() ->
                        RunningCentre.on(mySql.database(), group, "--spring.kafka.consumer.auto-offset-reset=latest"))
                .hasRootCauseMessage("auto.offset.reset must be earliest, for latest"
                        + " loses what a site sends before the centre has seen its topic");
    }
}
