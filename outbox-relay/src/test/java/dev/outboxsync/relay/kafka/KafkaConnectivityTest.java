package dev.outboxsync.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Site;
import dev.outboxsync.stack.TestParts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class KafkaConnectivityTest {
    /** A client may not outlive what answers in Kafka's place: a greeting can look like a size of gigabytes. */
    @Test
    void each_attempt_after_a_failure_has_a_client_of_its_own() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var connectivity = connectivity(
                        "127.0.0.1:" + silent.getLocalPort(), TestParts.kafka().bootstrapServers())) {
            assertThat(connectivity.problem()).isPresent();

            assertThat(connectivity.problem()).isEmpty();
        }
    }

    private static KafkaConnectivity connectivity(String... servers) {
        Queue<String> next = new ArrayDeque<>(List.of(servers));
        return new KafkaConnectivity(
                () -> Admin.create(Map.of("bootstrap.servers", next.remove())),
                new Site("connectivity-1"),
                new TopicSettings(true, Duration.ofDays(31), null),
                Duration.ofSeconds(5));
    }
}
