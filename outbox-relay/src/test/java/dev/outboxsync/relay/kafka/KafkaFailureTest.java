package dev.outboxsync.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaFailureTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, PLAINTEXT", "'', PLAINTEXT", "nowhere.invalid:9092, PLAINTEXT", "127.0.0.1:9092, SAFE"})
    void a_setting_that_kafka_does_not_take_is_told_by_its_name(String servers, String protocol) {
        Throwable failure =
                catchThrowable(() -> Admin.create(Map.of("bootstrap.servers", servers, "security.protocol", protocol)));

        assertThat(KafkaFailure.sentence(failure)).contains("KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SECURITY_PROTOCOL");
    }
}
