package dev.outboxsync.central.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

class PolledLanesTest {
    private static final TopicPartition ANSWERED = new TopicPartition("sync.changes.answered", 0);
    private static final TopicPartition UNANSWERED = new TopicPartition("sync.changes.unanswered", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void an_acknowledgement_that_kafka_does_not_confirm_keeps_its_lane_at_its_first_record() {
        consumer.assign(List.of(ANSWERED, UNANSWERED));
        consumer.seek(ANSWERED, 8);
        consumer.seek(UNANSWERED, 8);
        var waiting = new WaitingLanes(
                mock(MessageListenerContainer.class),
                mock(TaskScheduler.class),
                new BackOff(Duration.ofMillis(1), Duration.ofMillis(2)));
        var poll = new PolledLanes(consumer, waiting, Duration.ofMinutes(1));

        poll.take(ANSWERED, records(ANSWERED), records -> CompletableFuture.completedFuture(null));
        poll.take(
                UNANSWERED,
                records(UNANSWERED),
                records -> CompletableFuture.failedFuture(new TimeoutException("not confirmed")));
        poll.commitAcknowledged();

        var committed = consumer.committed(Set.of(ANSWERED, UNANSWERED));
        assertThat(committed.get(ANSWERED).offset()).isEqualTo(8);
        assertThat(committed.getOrDefault(UNANSWERED, null)).isNull();
        assertThat(Map.of("answered", consumer.position(ANSWERED), "unanswered", consumer.position(UNANSWERED)))
                .isEqualTo(Map.of("answered", 8L, "unanswered", 7L));
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(TopicPartition lane) {
        return List.of(new ConsumerRecord<>(lane.topic(), lane.partition(), 7, new byte[0], new byte[0]));
    }
}
