package dev.outboxsync.stack;

import dev.outboxsync.stack.kafka.TopicTail;
import java.util.List;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A Kafka broker in a container of the image {@code kafka.image}. Its data lives as long as this JVM. */
final class ContainerKafka extends KafkaPart {
    private static final DockerImageName IMAGE = DockerImageName.parse(
                    System.getProperty("kafka.image", "apache/kafka:4.2.2"))
            .asCompatibleSubstituteFor("apache/kafka");
    private static final int CLIENTS_PORT = 9092;

    private final KafkaContainer container;

    /** Testcontainers advertises the broker's own port: a proxy before it cannot be told of. */
    ContainerKafka(Place place, int advertisedPort) {
        super(place, advertisedPort);
        if (advertisedPort != place.port()) {
            throw new IllegalArgumentException("A broker in a container advertises its own port");
        }
        container = new KafkaContainer(IMAGE)
                .withEnv(Map.of(
                        "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
                        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "4",
                        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
                        "KAFKA_BROKER_SESSION_TIMEOUT_MS", "2000",
                        "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500",
                        "KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE", "8388608",
                        "KAFKA_HEAP_OPTS", "-Xmx256m"));
        container.setPortBindings(List.of("127.0.0.1:" + place.port() + ":" + CLIENTS_PORT));
    }

    @Override
    RunningPart launch() {
        return RunningContainer.start(name(), container);
    }

    /** Docker opens the port before the broker does: only an answer counts. */
    @Override
    boolean isReady() {
        return TopicTail.answers(bootstrapServers());
    }
}
