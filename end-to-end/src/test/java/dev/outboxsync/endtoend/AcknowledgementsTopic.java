package dev.outboxsync.endtoend;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the centre has told the site since this object was made. */
final class AcknowledgementsTopic implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    AcknowledgementsTopic(String bootstrapServers, Site site) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partition = new TopicPartition(site.acknowledgementsTopic(), 0);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
    }

    List<Refusal> refusals() throws MalformedRecordException {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        var refusals = new ArrayList<Refusal>();
        while (consumer.position(partition) < end) {
            for (var next : consumer.poll(Duration.ofSeconds(1))) {
                Acknowledgement acknowledgement = AcknowledgementJson.read(next.value());
                refusals.addAll(acknowledgement.refused());
            }
        }
        return refusals;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
