package dev.outboxsync.relay.kafka;

import dev.outboxsync.event.Site;
import dev.outboxsync.relay.AcknowledgementSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the site's topic of acknowledgements by assignment, without a group: where to go on is knowledge of the running
 * relay, and what it misses is sent and acknowledged again.
 */
final class KafkaAcknowledgementSource implements AcknowledgementSource, AutoCloseable {
    private static final Duration FOR_A_PLACE = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    KafkaAcknowledgementSource(Consumer<byte[], byte[]> consumer, Site site) {
        this.consumer = consumer;
        this.partition = new TopicPartition(site.acknowledgementsTopic(), 0);
        consumer.assign(List.of(partition));
    }

    @Override
    public void startAtEnd() {
        consumer.seekToEnd(List.of(partition));
        // The seek happens when the place is asked for, and it must happen before anything is published.
        consumer.position(partition, FOR_A_PLACE);
    }

    @Override
    public List<Received> poll(Duration atMost) {
        var received = new ArrayList<Received>();
        consumer.poll(atMost).forEach(next -> received.add(new Received(next.offset(), next.value())));
        return received;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
