package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.SWEEP;
import static dev.outboxsync.event.Operation.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import dev.outboxsync.central.Changes;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.ChangeEventJson;
import dev.outboxsync.event.MalformedRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of records on a site's topic, right ones and such that are wrong somewhere. The lane never stands: a change after
 * each few hundred is applied and acknowledged. What cannot be read is in quarantine, octet for octet. In the end the site
 * tells what it holds, in a new epoch, and DB_B holds the same. {@code -Dfuzz.seed=} repeats, {@code -Dfuzz.records=} sends
 * more.
 */
@Tag("slow")
class RecordFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20261125);
    private static final int RECORDS = Integer.getInteger("fuzz.records", 2_000);
    private static final int BETWEEN_SENTINELS = 300;
    private static final long FIRST_SENTINEL = 1_000_000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Random random = new Random(SEED);
    private final Map<Long, Optional<byte[]>> unreadable = new HashMap<>();
    private final Map<String, String> users = new TreeMap<>();
    private final Map<String, String> orders = new TreeMap<>();
    private long offset;
    private long sequence;

    @Test
    void no_record_stops_a_lane_is_lost_without_a_trace_or_leaves_the_databases_apart() {
        try (var mySql = new CentralMySql();
                var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), "fuzz-" + site.site.name())) {
            for (int i = 1; i <= RECORDS; i++) {
                sendOne(site);
                if (i % BETWEEN_SENTINELS == 0) {
                    awaitSentinel(site);
                }
            }

            awaitSentinel(site);
            assertKept(mySql.quarantined());
            tellAll(site);
            assertThat(mySql.users()).isEqualTo(users);
            assertThat(mySql.orders()).isEqualTo(orders);
            assertThat(centre.isReady()).isTrue();
        }
    }

    /** One time in three as it should be; in between, made of that, what is wrong. */
    private void sendOne(TestSite site) {
        byte[] good = change(site.changes);
        if (random.nextInt(3) == 0) {
            send(site, new FuzzedRecord(null, good, List.of()));
            return;
        }
        FuzzedRecord wrong = FuzzedRecord.of(good, random);
        Optional<ChangeEvent> readable = read(wrong.value());
        // what happens to be a valid sweep, or of another epoch, would be the site's own word
        if (readable.filter(event -> event.version().epoch() != 1 || event.operation() == SWEEP)
                .isEmpty()) {
            if (readable.isEmpty()) {
                unreadable.put(offset, Optional.ofNullable(wrong.value()));
            }
            send(site, wrong);
        }
    }

    private byte[] change(Changes changes) {
        sequence++;
        long id = 1L + random.nextInt(40);
        if (random.nextBoolean()) {
            return changes.user(sequence, random.nextInt(6) == 0 ? DELETE : UPDATE, id, "Ann \u00e9 " + sequence);
        }
        return changes.order(
                sequence, random.nextBoolean() ? INSERT : UPDATE, id, 1L + random.nextInt(40), "12.50", "PAID");
    }

    private void send(TestSite site, FuzzedRecord record) {
        site.write(record.key(), record.value(), record.headers());
        offset++;
    }

    private void awaitSentinel(TestSite site) {
        sequence++;
        long awaited = sequence;
        send(
                site,
                new FuzzedRecord(
                        null, site.changes.user(sequence, INSERT, FIRST_SENTINEL + sequence, "Sentinel"), List.of()));
        await("seed " + SEED + ", offset " + offset)
                .atMost(LIMIT)
                .until(() -> site.applied().contains(awaited));
    }

    private void assertKept(Map<Long, byte[]> quarantined) {
        assertThat(unreadable).as("seed %s", SEED).hasSizeGreaterThan(RECORDS / 5);
        unreadable.forEach((place, value) -> {
            assertThat(quarantined.containsKey(place))
                    .as("seed %s, offset %s is kept: %s", SEED, place, value.map(String::new))
                    .isTrue();
            assertThat(quarantined.get(place))
                    .as("seed %s, offset %s", SEED, place)
                    .isEqualTo(value.orElse(null));
        });
    }

    /** What a resync sends: every row, then the sweeps; and again what a row that was still there had kept out. */
    private void tellAll(TestSite site) {
        Changes again = site.changes.inEpoch(2);
        sequence = 0;
        for (int round = 0; round < 2; round++) {
            for (int id = 1; id <= 30; id++) {
                users.put(Integer.toString(id), "Bob u" + id + "@example.org");
                site.send(again.user(++sequence, UPDATE, id, "Bob"));
            }
            for (int id = 1; id <= 30; id++) {
                orders.put(Integer.toString(id), (31 - id) + " 7.00 NEW");
                site.send(again.order(++sequence, UPDATE, id, 31 - id, "7.00", "NEW"));
            }
            for (String table : List.of("orders", "users")) {
                site.send(again.change(
                        ++sequence, table, SWEEP, "*", "{\"since\":\"0\",\"epoch\":\"2\",\"from\":null,\"to\":null}"));
            }
        }
        await("seed " + SEED)
                .atMost(LIMIT)
                .until(() -> site.acknowledgements().stream()
                        .anyMatch(acknowledgement -> acknowledgement.epoch() == 2
                                && acknowledgement.applied().stream().anyMatch(range -> range.last() == sequence)));
    }

    private static Optional<ChangeEvent> read(byte @Nullable [] value) {
        try {
            return Optional.of(ChangeEventJson.read(value));
        } catch (MalformedRecordException unreadable) {
            return Optional.empty();
        }
    }
}
