package dev.outboxsync.relay.kafka;

import dev.outboxsync.event.Site;
import dev.outboxsync.relay.ChangePublisher;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Writes to the site's topic of changes. The producer is idempotent with acks=all, which keeps the order within its
 * session; after a failure a new one is used, so that none goes on with a broken session.
 */
final class KafkaChangePublisher implements ChangePublisher {
    private final KafkaTemplate<byte[], byte[]> kafka;
    private final ProducerFactory<byte[], byte[]> producers;
    private final String topic;

    KafkaChangePublisher(ProducerFactory<byte[], byte[]> producers, Site site) {
        this.kafka = new KafkaTemplate<>(producers);
        this.producers = producers;
        this.topic = site.changesTopic();
    }

    @Override
    public Publication publish(List<OutgoingChange> page) {
        var sent = new ArrayList<CompletableFuture<?>>(page.size());
        for (OutgoingChange change : page) {
            CompletableFuture<?> future = send(change);
            sent.add(future);
            Throwable failure = failure(future);
            if (failure != null && !isTooLarge(failure)) {
                break;
            }
        }
        kafka.flush();
        Publication publication = publication(page, sent);
        if (publication.failure() != null) {
            producers.reset();
        }
        return publication;
    }

    /** Sends; what the client refuses on the spot is a failed future like any other. */
    private CompletableFuture<?> send(OutgoingChange change) {
        try {
            return kafka.send(record(change));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(OutgoingChange change) {
        var kafkaRecord = new ProducerRecord<>(topic, 0, change.key().getBytes(StandardCharsets.UTF_8), change.value());
        if (change.traceparent() != null) {
            kafkaRecord.headers().add("traceparent", change.traceparent().getBytes(StandardCharsets.US_ASCII));
        }
        return kafkaRecord;
    }

    private static Publication publication(List<OutgoingChange> page, List<CompletableFuture<?>> sent) {
        var confirmed = new ArrayList<Long>(page.size());
        var tooLarge = new ArrayList<Long>();
        var unconfirmed = new ArrayList<Long>();
        String reason = null;
        for (int i = 0; i < page.size(); i++) {
            long sequence = page.get(i).sequence();
            Throwable failure = i < sent.size() ? failure(sent.get(i)) : null;
            if (i < sent.size() && failure == null) {
                confirmed.add(sequence);
            } else if (failure != null && isTooLarge(failure)) {
                tooLarge.add(sequence);
            } else {
                unconfirmed.add(sequence);
                reason = reason == null && failure != null ? failure.getClass().getSimpleName() : reason;
            }
        }
        return new Publication(confirmed, tooLarge, unconfirmed, reason);
    }

    /** Why a send has failed; null while it has not. After a flush every send has ended. */
    private static @Nullable Throwable failure(CompletableFuture<?> sent) {
        if (!sent.isCompletedExceptionally()) {
            return null;
        }
        Throwable failure = sent.handle((result, thrown) -> thrown).join();
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure;
    }

    private static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException;
    }
}
