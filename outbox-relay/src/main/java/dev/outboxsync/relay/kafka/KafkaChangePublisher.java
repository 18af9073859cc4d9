package dev.outboxsync.relay.kafka;

import dev.outboxsync.event.Hello;
import dev.outboxsync.event.Site;
import dev.outboxsync.relay.ChangePublisher;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Writes to the site's topic of changes. The producer is idempotent with acks=all, which keeps the order within its
 * session; after a failure a new one is used, so that none goes on with a broken session.
 */
final class KafkaChangePublisher implements ChangePublisher {
    private final ProducerFactory<byte[], byte[]> producers;
    private final String topic;

    KafkaChangePublisher(ProducerFactory<byte[], byte[]> producers, Site site) {
        this.producers = producers;
        this.topic = site.changesTopic();
    }

    @Override
    public Publication publish(List<OutgoingChange> page) {
        Outcomes outcomes = new Outcomes(page);
        try (Producer<byte[], byte[]> producer = producers.createProducer()) {
            var sent = new ArrayList<Future<?>>(page.size());
            for (OutgoingChange change : page) {
                Future<?> future = send(producer, kafkaRecord(change));
                sent.add(future);
                if (future.isDone() && outcomes.isOutage(future)) {
                    break;
                }
            }
            producer.flush();
            outcomes.add(sent);
        }
        Publication publication = outcomes.publication();
        if (publication.failure() != null) {
            producers.reset();
        }
        return publication;
    }

    @Override
    public boolean greet(byte[] hello) {
        byte[] key = Hello.KEY.getBytes(StandardCharsets.UTF_8);
        try (Producer<byte[], byte[]> producer = producers.createProducer()) {
            Future<?> sent = send(producer, new ProducerRecord<>(topic, 0, key, hello));
            producer.flush();
            boolean confirmed = Outcomes.failure(sent) == null;
            if (!confirmed) {
                producers.reset();
            }
            return confirmed;
        }
    }

    /** Sends; what the client refuses on the spot is a failed future like any other. */
    private static Future<?> send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> kafkaRecord) {
        try {
            return producer.send(kafkaRecord);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ProducerRecord<byte[], byte[]> kafkaRecord(OutgoingChange change) {
        byte[] key = change.key().getBytes(StandardCharsets.UTF_8);
        var kafkaRecord = new ProducerRecord<>(topic, 0, key, change.value());
        if (change.traceparent() != null) {
            kafkaRecord.headers().add("traceparent", change.traceparent().getBytes(StandardCharsets.US_ASCII));
        }
        return kafkaRecord;
    }

    /** What became of the changes of one page. */
    private static final class Outcomes {
        private final List<OutgoingChange> page;
        private final List<Long> confirmed = new ArrayList<>();
        private final List<Long> tooLarge = new ArrayList<>();
        private final List<Long> unconfirmed = new ArrayList<>();
        private @Nullable String reason;

        Outcomes(List<OutgoingChange> page) {
            this.page = page;
        }

        boolean isOutage(Future<?> sent) {
            Throwable failure = failure(sent);
            return failure != null && !(failure instanceof RecordTooLargeException);
        }

        /** @param sent what was handed over, from the page's first change on; all of it has ended */
        void add(List<Future<?>> sent) {
            for (int i = 0; i < page.size(); i++) {
                long sequence = page.get(i).sequence();
                if (i >= sent.size()) {
                    unconfirmed.add(sequence);
                    continue;
                }
                Throwable failure = failure(sent.get(i));
                if (failure == null) {
                    confirmed.add(sequence);
                } else if (failure instanceof RecordTooLargeException) {
                    tooLarge.add(sequence);
                } else {
                    unconfirmed.add(sequence);
                    reason = reason == null ? failure.getClass().getSimpleName() : reason;
                }
            }
        }

        Publication publication() {
            return new Publication(confirmed, tooLarge, unconfirmed, reason);
        }

        /** The root of why a send failed; null when it has not. */
        private static @Nullable Throwable failure(Future<?> sent) {
            try {
                sent.get();
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return e;
            } catch (ExecutionException e) {
                Throwable root = e;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                return root;
            }
        }
    }
}
