package dev.outboxsync.central.kafka;

import dev.outboxsync.central.AppliedBatch;
import dev.outboxsync.central.ApplyingChanges;
import dev.outboxsync.central.ReceivedRecord;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;

/**
 * Takes what one poll brought, lane by lane: apply and commit in the database, publish the acknowledgement, await it,
 * commit the offset, in this order. A lane where any of this fails goes back to its first record and waits; nothing is
 * ever skipped, and no other lane waits for it. Runs on the consumer's thread.
 */
final class ChangeEventListener implements BatchAcknowledgingConsumerAwareMessageListener<byte[], byte[]> {
    private final ApplyingChanges applying;
    private final AcknowledgementPublisher publisher;
    private final WaitingLanes waiting;
    private final BatchReport report;
    private final Duration longestPoll;

    /** @param longestPoll after this time no further lane is begun, so that the consumer is not taken for dead */
    ChangeEventListener(
            ApplyingChanges applying,
            AcknowledgementPublisher publisher,
            WaitingLanes waiting,
            BatchReport report,
            Duration longestPoll) {
        this.applying = applying;
        this.publisher = publisher;
        this.waiting = waiting;
        this.report = report;
        this.longestPoll = longestPoll;
    }

    @Override
    public boolean wantsPollResult() {
        return true;
    }

    @Override
    public void onMessage(
            ConsumerRecords<byte[], byte[]> records,
            @Nullable Acknowledgment unused,
            Consumer<byte[], byte[]> consumer) {
        var poll = new PolledLanes(consumer, waiting, longestPoll);
        for (var lane : records.partitions()) {
            poll.take(lane, records.records(lane), this::applyAndPublish);
        }
        poll.commitAcknowledged();
    }

    @Override
    public void onMessage(
            List<ConsumerRecord<byte[], byte[]>> records,
            @Nullable Acknowledgment unused,
            @Nullable Consumer<?, ?> consumer) {
        throw new UnsupportedOperationException("wants the poll's result");
    }

    private Future<?> applyAndPublish(List<ConsumerRecord<byte[], byte[]>> records) {
        Site site = Site.ofChangesTopic(records.get(0).topic()).orElseThrow();
        List<ReceivedRecord> received =
                records.stream().map(ChangeEventListener::received).toList();
        AppliedBatch batch = report.timed(() -> applying.apply(site, received));
        report.committed(site, batch);
        return batch.acknowledgement()
                .<Future<?>>map(publisher::publish)
                .orElse(CompletableFuture.completedFuture(null));
    }

    private static ReceivedRecord received(ConsumerRecord<byte[], byte[]> polled) {
        return new ReceivedRecord(polled.topic(), polled.partition(), polled.offset(), polled.key(), polled.value());
    }
}
