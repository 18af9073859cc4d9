package dev.outboxsync.central.kafka;

import static dev.outboxsync.event.Operation.INSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.central.CentralMySql;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CentralConsumerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final CentralMySql mySql = new CentralMySql();
    private final String group = "centre-" + UUID.randomUUID();

    @AfterEach
    void close() {
        mySql.close();
    }

    @Test
    void changes_are_applied_acknowledged_and_then_their_offset_is_committed() {
        try (var site = TestSite.withTopics();
                var centre = RunningCentre.on(mySql.database(), group)) {
            site.send(site.changes.user(1, INSERT, 1, "Ann"), site.changes.user(2, INSERT, 2, "Bob"));

            await().atMost(LIMIT).untilAsserted(() -> assertThat(site.applied()).containsExactly(1L, 2L));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(site.committedOffset(group)).isEqualTo(2));
            assertThat(mySql.users()).containsOnlyKeys("1", "2");
            await().atMost(LIMIT).until(centre::isReady);
        }
    }
}
