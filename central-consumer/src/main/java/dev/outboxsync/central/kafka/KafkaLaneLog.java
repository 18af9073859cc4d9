package dev.outboxsync.central.kafka;

import dev.outboxsync.central.Lane;
import dev.outboxsync.central.LaneLog;
import dev.outboxsync.event.Acknowledgement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of one poll: the consumer's places in the topics of changes, and the topics of acknowledgements. */
final class KafkaLaneLog implements LaneLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLaneLog.class);

    private final Consumer<byte[], byte[]> consumer;
    private final AcknowledgementPublisher publisher;

    KafkaLaneLog(Consumer<byte[], byte[]> consumer, AcknowledgementPublisher publisher) {
        this.consumer = consumer;
        this.publisher = publisher;
    }

    static TopicPartition partition(Lane lane) {
        return new TopicPartition(lane.site().changesTopic(), lane.partition());
    }

    @Override
    public Future<?> publish(Acknowledgement acknowledgement) {
        return publisher.publish(acknowledgement);
    }

    @Override
    public void goBack(Lane lane, long offset) {
        consumer.seek(partition(lane), offset);
    }

    @Override
    public void commit(Map<Lane, Long> next) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        next.forEach((lane, offset) -> offsets.put(partition(lane), new OffsetAndMetadata(offset)));
        try {
            consumer.commitSync(offsets);
        } catch (KafkaException e) {
            // what is applied stays applied, and is known again when it comes again
            LOG.warn("Offsets of {} not committed, their records may come again: {}", offsets.keySet(), e.toString());
        }
    }
}
