package dev.outboxsync.central.kafka;

import dev.outboxsync.central.Changes;
import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.stack.TestParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A site as the centre sees it: two topics of its own, what it sends, and what it is told. */
final class TestSite implements AutoCloseable {
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", TestParts.kafka().bootstrapServers());

    final Site site = new Site("s-" + UUID.randomUUID());
    final Changes changes = Changes.of(site);
    private final Admin admin = Admin.create(KAFKA);
    private final KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<String> topics = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(KAFKA, new ByteArrayDeserializer(), new ByteArrayDeserializer());

    static TestSite withTopics() {
        var site = new TestSite();
        site.makeTopic(site.site.changesTopic(), 1);
        site.makeAcknowledgementsTopic();
        return site;
    }

    static TestSite withoutAcknowledgementsTopic() {
        var site = new TestSite();
        site.makeTopic(site.site.changesTopic(), 1);
        return site;
    }

    /** With more partitions than the one that a relay reads, as a careless administrator makes it. */
    void makeAcknowledgementsTopic() {
        makeTopic(site.acknowledgementsTopic(), 3);
        var topic = new TopicPartition(site.acknowledgementsTopic(), 0);
        consumer.assign(Set.of(topic));
        consumer.seekToBeginning(Set.of(topic));
    }

    private void makeTopic(String topic, int partitions) {
        try {
            topics.add(topic);
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(byte[]... values) {
        Arrays.stream(values).forEach(value -> {
            var unused = producer.send(new ProducerRecord<>(site.changesTopic(), value));
        });
        producer.flush();
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        send(producer, record);
    }

    /** Through a client with other settings. */
    void send(Map<String, Object> settings, ProducerRecord<byte[], byte[]> record) {
        var all = new HashMap<>(KAFKA);
        all.putAll(settings);
        try (var other = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(other, record);
        }
    }

    /** As the relay compresses it; one after the other, for all of it at once may be much. */
    void sendCompressed(Stream<byte[]> values) {
        var all = new HashMap<>(KAFKA);
        all.putAll(Map.of("compression.type", "lz4", "batch.size", 262_144));
        try (var other = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            values.forEach(value -> {
                var unused = other.send(new ProducerRecord<>(site.changesTopic(), value));
            });
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins a transaction, sends and ends it. */
    void sendInTransaction(boolean commit, byte[]... values) {
        var all = new HashMap<>(KAFKA);
        all.put("transactional.id", site.name());
        try (var other = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            other.initTransactions();
            other.beginTransaction();
            Arrays.stream(values).forEach(value -> send(other, new ProducerRecord<>(site.changesTopic(), value)));
            if (commit) {
                other.commitTransaction();
            } else {
                other.abortTransaction();
            }
        }
    }

    /** What was refused so far, by sequence. */
    Map<Long, String> refused() {
        var refused = new TreeMap<Long, String>();
        for (Acknowledgement acknowledgement : acknowledgements()) {
            acknowledgement
                    .refused()
                    .forEach(refusal -> refused.put(
                            refusal.sequence(),
                            refusal.reason() + (refusal.detail() == null ? "" : " " + refusal.detail())));
        }
        return refused;
    }

    /** A record as anybody might write it; null is a tombstone. */
    void write(byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> headers) {
        var unused = producer.send(new ProducerRecord<>(site.changesTopic(), 0, key, value, headers));
    }

    /** All that the centre has said so far. */
    List<Acknowledgement> acknowledgements() {
        consumer.poll(Duration.ofMillis(100)).forEach(polled -> {
            try {
                acknowledgements.add(AcknowledgementJson.read(polled.value()));
            } catch (MalformedRecordException e) {
                throw new IllegalStateException(e);
            }
        });
        return acknowledgements;
    }

    /** Every sequence that was ever said to be applied. */
    Set<Long> applied() {
        var sequences = new TreeSet<Long>();
        for (Acknowledgement acknowledgement : acknowledgements()) {
            for (SequenceRange range : acknowledgement.applied()) {
                LongStream.rangeClosed(range.first(), range.last()).forEach(sequences::add);
            }
        }
        return sequences;
    }

    /** The group's next offset in the topic of changes; -1 where there is none. */
    long committedOffset(String group) {
        try {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(site.changesTopic(), 0));
            return offset == null ? -1 : offset.offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void forgetGroup(String group) {
        try {
            admin.deleteConsumerGroups(List.of(group)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the topics along, for every centre reads the topics of all sites. */
    @Override
    public void close() {
        consumer.close();
        producer.close();
        try {
            admin.deleteTopics(topics).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        admin.close();
    }
}
