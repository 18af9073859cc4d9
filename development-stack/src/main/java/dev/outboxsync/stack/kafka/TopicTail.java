package dev.outboxsync.stack.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The youngest records of a topic with one partition, for people to look at. Joins no group and commits nothing. */
public final class TopicTail {
    private static final Duration POLL = Duration.ofMillis(500);

    private TopicTail() {}

    /** One record as text. */
    public record Entry(String key, String value) {}

    /** Whether the broker answers a question now, rather than only taking a connection. */
    public static boolean answers(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "default.api.timeout.ms", 2_000, "request.timeout.ms", 1_000);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** At most so many records, the oldest first, up to the end that the topic has now. */
    public static List<Entry> read(String bootstrapServers, String topic, int count) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.max(first, end - count));
            List<Entry> entries = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> read : consumer.poll(POLL)) {
                    entries.add(new Entry(String.valueOf(read.key()), String.valueOf(read.value())));
                }
            }
            return entries;
        }
    }
}
