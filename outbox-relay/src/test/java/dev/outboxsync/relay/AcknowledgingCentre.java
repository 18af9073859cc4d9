package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.ChangeEventJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A centre that takes everything and acknowledges at once, on its own thread, until it is closed. */
final class AcknowledgingCentre implements AutoCloseable {
    final List<ConsumerRecord<byte[], byte[]>> received = new CopyOnWriteArrayList<>();
    private final List<Future<?>> sent = new ArrayList<>();
    private final Site site;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private volatile boolean closing;
    private long number;

    AcknowledgingCentre(String bootstrapServers, Site site) {
        this.site = site;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "auto.offset.reset", "earliest",
                        "metadata.max.age.ms", "1000",
                        "max.poll.records", "5000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(site.changesTopic(), 0)));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "max.block.ms", "2000", "metadata.max.age.ms", "1000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = new Thread(this::work, "acknowledging-centre");
        thread.start();
    }

    private void work() {
        while (!closing) {
            var sequences = new TreeSet<Long>();
            consumer.poll(Duration.ofMillis(50)).forEach(change -> sequences.add(take(change)));
            if (!sequences.isEmpty()) {
                sent.add(producer.send(
                        new ProducerRecord<>(site.acknowledgementsTopic(), 0, null, acknowledgement(sequences))));
            }
        }
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }

    private long take(ConsumerRecord<byte[], byte[]> change) {
        received.add(change);
        return sequence(change);
    }

    static long sequence(ConsumerRecord<byte[], byte[]> change) {
        try {
            return ChangeEventJson.read(change.value()).version().sequence();
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] acknowledgement(Iterable<Long> sequences) {
        return AcknowledgementJson.write(
                new Acknowledgement(site, 1, ++number, SequenceRange.runsOf(sequences), List.of(), 0, Instant.now()));
    }

    List<Long> sequences() {
        return received.stream().map(AcknowledgingCentre::sequence).toList();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
