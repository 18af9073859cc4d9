package dev.outboxsync.relay.kafka;

import dev.outboxsync.event.Site;
import dev.outboxsync.relay.AcknowledgementSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the site's topic of acknowledgements by assignment, without a group: where to go on is knowledge of the running
 * relay, and what it misses is sent and acknowledged again.
 */
final class KafkaAcknowledgementSource implements AcknowledgementSource, AutoCloseable {
    private static final Duration FOR_A_PLACE = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final List<TopicPartition> partition;
    private @Nullable Consumer<byte[], byte[]> consumer;

    /** @param consumers makes a client; fails while the brokers' names mean nothing */
    KafkaAcknowledgementSource(Supplier<Consumer<byte[], byte[]>> consumers, Site site) {
        this.consumers = consumers;
        this.partition = List.of(new TopicPartition(site.acknowledgementsTopic(), 0));
    }

    @Override
    public void startAtEnd() {
        Consumer<byte[], byte[]> client = consumer == null ? consumers.get() : consumer;
        consumer = client;
        client.assign(partition);
        client.seekToEnd(partition);
        // The seek happens when the place is asked for, and it must happen before anything is published.
        client.position(partition.get(0), FOR_A_PLACE);
    }

    @Override
    public List<Received> poll(Duration atMost) {
        Consumer<byte[], byte[]> client = Objects.requireNonNull(consumer, "startAtEnd comes first");
        var received = new ArrayList<Received>();
        try {
            client.poll(atMost).forEach(next -> received.add(new Received(next.offset(), next.value())));
        } catch (KafkaException e) {
            // Where a record cannot be read, the same place would fail for ever.
            client.seekToEnd(partition);
            throw e;
        }
        return received;
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
