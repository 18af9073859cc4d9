package dev.outboxsync.central.kafka;

import dev.outboxsync.central.AppliedBatch;
import dev.outboxsync.central.ApplyingChanges;
import dev.outboxsync.central.DatabaseAwayException;
import dev.outboxsync.central.Lane;
import dev.outboxsync.central.PolledLanes;
import dev.outboxsync.central.ReceivedRecord;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.transaction.CannotCreateTransactionException;

/** Has what one poll brought served, lane by lane, by {@link PolledLanes}. Runs on the consumer's thread. */
final class ChangeEventListener implements BatchAcknowledgingConsumerAwareMessageListener<byte[], byte[]> {
    private final ApplyingChanges applying;
    private final AcknowledgementPublisher publisher;
    private final WaitingLanes waiting;
    private final BatchReport report;
    private final BoundedPolls polls;
    private final Duration longestPoll;

    /** @param longestPoll after this time no further lane is begun, so that the consumer is not taken for dead */
    ChangeEventListener(
            ApplyingChanges applying,
            AcknowledgementPublisher publisher,
            WaitingLanes waiting,
            BatchReport report,
            BoundedPolls polls,
            Duration longestPoll) {
        this.applying = applying;
        this.publisher = publisher;
        this.waiting = waiting;
        this.report = report;
        this.polls = polls;
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
        polls.begin();
        var poll = new PolledLanes(
                this::applied, new KafkaLaneLog(consumer, publisher), waiting, longestPoll, System::nanoTime);
        for (var partition : records.partitions()) {
            poll.take(lane(partition), received(records.records(partition)));
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

    private AppliedBatch applied(Site site, List<ReceivedRecord> records) {
        try {
            AppliedBatch batch = report.timed(() -> applying.apply(site, records));
            report.committed(site, batch);
            return batch;
        } catch (CannotCreateTransactionException e) {
            throw new DatabaseAwayException(e);
        }
    }

    private static Lane lane(TopicPartition partition) {
        return new Lane(Site.ofChangesTopic(partition.topic()).orElseThrow(), partition.partition());
    }

    private static List<ReceivedRecord> received(List<ConsumerRecord<byte[], byte[]>> polled) {
        return polled.stream().map(ChangeEventListener::received).toList();
    }

    private static ReceivedRecord received(ConsumerRecord<byte[], byte[]> polled) {
        return new ReceivedRecord(
                polled.topic(),
                polled.partition(),
                polled.offset(),
                polled.key(),
                polled.value(),
                headers(polled.headers()));
    }

    private static List<ReceivedRecord.Header> headers(Headers polled) {
        var headers = new ArrayList<ReceivedRecord.Header>(1);
        polled.forEach(header -> headers.add(new ReceivedRecord.Header(header.key(), header.value())));
        return headers;
    }
}
