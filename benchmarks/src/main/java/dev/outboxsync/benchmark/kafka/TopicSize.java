package dev.outboxsync.benchmark.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** How much a topic with one partition on one broker holds. */
public record TopicSize(long records, long bytes) {
    private static final int BROKER = 1;

    /** Of the topic as it is now, on the broker's disk; nothing while it is not there. */
    public static TopicSize of(String bootstrapServers, String topic) {
        var partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            long bytes = admin.describeLogDirs(List.of(BROKER)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .mapToLong(folder -> bytes(folder, partition))
                    .sum();
            return new TopicSize(end, bytes);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return new TopicSize(0, 0);
            }
            throw new IllegalStateException("Kafka does not tell of " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static long bytes(LogDirDescription folder, TopicPartition partition) {
        ReplicaInfo replica = folder.replicaInfos().get(partition);
        return replica == null ? 0 : replica.size();
    }

    /** What was added since. */
    public double bytesPerRecordSince(TopicSize before) {
        return (double) (bytes - before.bytes) / (records - before.records);
    }
}
