package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server-dependent")
class PrivateKafkaTest {
    @TempDir
    Path folder;

    @Test
    void an_acknowledged_record_survives_kill_9_and_a_start_on_the_same_port() throws Exception {
        try (PrivateKafka kafka = new PrivateKafka(place(0))) {
            kafka.start();
            send(kafka, "changes", "kept");

            kafka.kill9();
            assertThat(Ports.answers(kafka.port())).isFalse();
            kafka.start();

            assertThat(firstRecord(kafka, "changes")).isEqualTo("kept");
        }
    }

    @Test
    void a_broker_that_answers_takes_records_at_once() throws Exception {
        KafkaBroker kafka = TestParts.kafka();

        send(kafka, "PrivateKafkaTest.at-once", "taken");

        assertThat(firstRecord(kafka, "PrivateKafkaTest.at-once")).isEqualTo("taken");
    }

    @Test
    void a_send_makes_no_topic() {
        KafkaBroker kafka = TestParts.kafka();

        try (KafkaProducer<String, String> producer = producer(kafka, Map.of("max.block.ms", "2000"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("PrivateKafkaTest.nobody-made-it", "lost"))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void clients_come_back_through_the_proxy_whose_port_is_advertised() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                PrivateKafka kafka = new PrivateKafka(place(0), proxy.getLocalPort())) {
            AtomicInteger connections = forward(proxy, kafka.port());
            kafka.start();

            send(kafka, "changes", "by the proxy");

            assertThat(firstRecord(kafka, "changes")).isEqualTo("by the proxy");
            assertThat(connections)
                    .as("three clients, each to bootstrap and to the broker")
                    .hasValueGreaterThanOrEqualTo(6);
        }
    }

    @Test
    void a_taken_port_is_a_sentence() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PrivateKafka kafka = new PrivateKafka(place(holder.getLocalPort()))) {
            assertThatThrownBy(kafka::start)
                    .isInstanceOf(StackProblem.class)
                    .hasMessageStartingWith("Port " + holder.getLocalPort() + " is taken, and kafka-test needs it: ");
        }
    }

    /** Carries bytes both ways until the proxy's socket is closed; returns how many connections it has accepted. */
    private static AtomicInteger forward(ServerSocket proxy, int port) {
        AtomicInteger connections = new AtomicInteger();
        inBackground(() -> {
            while (true) {
                Socket client = proxy.accept();
                connections.incrementAndGet();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                inBackground(() -> client.getInputStream().transferTo(server.getOutputStream()));
                inBackground(() -> server.getInputStream().transferTo(client.getOutputStream()));
            }
        });
        return connections;
    }

    private static void inBackground(Callable<?> work) {
        Thread thread = new Thread(() -> {
            try {
                work.call();
            } catch (Exception closed) {
                // The end of a connection, or of the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private Place place(int port) {
        return new Place("kafka-test", folder.resolve("data"), folder.resolve("kafka.log"), port);
    }

    private static void send(KafkaBroker kafka, String topic, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(kafka, Map.of())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static KafkaProducer<String, String> producer(KafkaBroker kafka, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private static String firstRecord(KafkaBroker kafka, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            for (ConsumerRecord<String, String> read : consumer.poll(Duration.ofSeconds(20))) {
                return read.value();
            }
            throw new AssertionError("No record in " + topic);
        }
    }
}
