package dev.outboxsync.central.kafka;

import dev.outboxsync.mysql.MySqlFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.CannotCreateTransactionException;

/** The lanes of one poll: each ends with its offset committed, or goes back to its first record and waits. */
final class PolledLanes {
    private static final Logger LOG = LoggerFactory.getLogger(PolledLanes.class);

    private final Consumer<byte[], byte[]> consumer;
    private final WaitingLanes waiting;
    private final long started = System.nanoTime();
    private final Duration longest;
    private final Map<TopicPartition, Sent> sent = new LinkedHashMap<>();
    private boolean databaseIsAway;

    PolledLanes(Consumer<byte[], byte[]> consumer, WaitingLanes waiting, Duration longest) {
        this.consumer = consumer;
        this.waiting = waiting;
        this.longest = longest;
    }

    /** Has the lane's records applied; does not wait for the acknowledgement yet, so that lanes share that time. */
    void take(TopicPartition lane, List<ConsumerRecord<byte[], byte[]>> records, LaneWork work) {
        long first = records.get(0).offset();
        if (databaseIsAway || System.nanoTime() - started > longest.toNanos()) {
            // each attempt would cost a time-out, and the consumer its place in the group
            consumer.seek(lane, first);
            waiting.postponed(lane);
            return;
        }
        try {
            long next = records.get(records.size() - 1).offset() + 1;
            sent.put(lane, new Sent(first, next, work.applyAndPublish(records)));
        } catch (RuntimeException e) {
            databaseIsAway = e instanceof CannotCreateTransactionException;
            putBack(lane, first, e);
        }
    }

    /** Awaits the acknowledgements and commits the offsets of those lanes that have theirs. */
    void commitAcknowledged() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        sent.forEach((lane, batch) -> {
            try {
                batch.acknowledgement().get();
                offsets.put(lane, new OffsetAndMetadata(batch.next()));
                waiting.succeeded(lane);
            } catch (ExecutionException e) {
                putBack(lane, batch.first(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                putBack(lane, batch.first(), e);
            }
        });
        commit(offsets);
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets);
        } catch (KafkaException e) {
            // what is applied stays applied, and is known again when it comes again
            LOG.warn("Offsets of {} not committed, their records may come again: {}", offsets.keySet(), e.toString());
        }
    }

    private void putBack(TopicPartition lane, long first, Exception failure) {
        consumer.seek(lane, first);
        Duration pause = waiting.failed(lane);
        LOG.warn(
                "{}: not done from offset {}, next attempt in {} ms: {}",
                lane.topic(),
                first,
                pause.toMillis(),
                reason(failure));
    }

    /** MySQL's texts name values: of its failures the number alone is told. */
    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        int code = MySqlFailure.of(failure).code();
        return code == 0
                ? root.toString()
                : "MySQL error " + code + " (" + root.getClass().getSimpleName() + ")";
    }

    /** Applies a lane's records, commits, and sends the acknowledgement. */
    interface LaneWork {
        Future<?> applyAndPublish(List<ConsumerRecord<byte[], byte[]>> records);
    }

    /** A committed batch whose acknowledgement is under way. */
    private record Sent(long first, long next, Future<?> acknowledgement) {}
}
