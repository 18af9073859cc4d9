package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
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
    volatile boolean keeping = true;
    /** Whether changes are acknowledged; HELLOs are answered in any case. */
    volatile boolean acknowledging = true;

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
            Hello hello = null;
            for (var polled : consumer.poll(Duration.ofMillis(50))) {
                LaneRecord laneRecord = read(polled);
                if (laneRecord instanceof Hello next) {
                    hello = next;
                } else {
                    sequences.add(take(polled));
                }
            }
            if (hello != null || (acknowledging && !sequences.isEmpty())) {
                var unused = producer.send(
                        new ProducerRecord<>(site.acknowledgementsTopic(), 0, null, acknowledgement(sequences, hello)));
            }
        }
        producer.close(Duration.ofSeconds(2));
        consumer.close();
    }

    private long take(ConsumerRecord<byte[], byte[]> change) {
        if (keeping) {
            received.add(change);
        }
        return sequence(change);
    }

    static long sequence(ConsumerRecord<byte[], byte[]> change) {
        return ((ChangeEvent) read(change)).version().sequence();
    }

    private static LaneRecord read(ConsumerRecord<byte[], byte[]> polled) {
        try {
            return LaneRecordJson.read(polled.value());
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] acknowledgement(Set<Long> sequences, Hello hello) {
        return AcknowledgementJson.write(new Acknowledgement(
                site,
                1,
                new AcknowledgementId(++number, ""),
                "",
                acknowledging ? SequenceRange.runsOf(sequences) : List.of(),
                List.of(),
                0,
                Instant.now(),
                hello == null ? null : new HelloAnswer(hello.token(), 0, true, null)));
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
