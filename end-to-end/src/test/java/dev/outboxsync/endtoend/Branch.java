package dev.outboxsync.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One more site as the centre sees it: its topics alone. Its users' keys are its own. */
final class Branch implements AutoCloseable {
    final Site site;
    final long firstId;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<Long> acknowledged = new TreeSet<>();
    private long sent;

    Branch(String bootstrapServers, int number) {
        site = new Site("branch-" + number);
        firstId = number * 1_000_000L;
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(kafka)) {
            admin.createTopics(List.of(
                            new NewTopic(site.changesTopic(), 1, (short) 1),
                            new NewTopic(site.acknowledgementsTopic(), 1, (short) 1)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var topic = new TopicPartition(site.acknowledgementsTopic(), 0);
        consumer.assign(List.of(topic));
        consumer.seekToBeginning(List.of(topic));
    }

    /** Sends the insert of one more user. */
    void send() {
        long sequence = ++sent;
        send(1, sequence, firstId + sequence);
    }

    /** Sends the insert of a user, stamped like this. */
    void send(int epoch, long sequence, long id) {
        String event = """
                {"v":1,"site":"%s","epoch":%d,"sequence":%d,"table":"users","operation":"INSERT","record_id":"%d",\
                "captured_at":"2026-11-23T06:00:00.120000Z","row":{"id":"%d","name":"Branch","email":"%d@example.org",\
                "updated_at":"2026-11-23T06:00:00.120000"}}""".formatted(site.name(), epoch, sequence, id, id, id);
        var unused = producer.send(
                new ProducerRecord<>(site.changesTopic(), ("users/" + id).getBytes(UTF_8), event.getBytes(UTF_8)));
    }

    long sent() {
        producer.flush();
        return sent;
    }

    /** How many of its changes the centre has acknowledged. */
    int acknowledged() throws MalformedRecordException {
        for (var polled : consumer.poll(Duration.ofMillis(50))) {
            Acknowledgement acknowledgement = AcknowledgementJson.read(polled.value());
            acknowledgement
                    .applied()
                    .forEach(range ->
                            LongStream.rangeClosed(range.first(), range.last()).forEach(acknowledged::add));
        }
        return acknowledged.size();
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
