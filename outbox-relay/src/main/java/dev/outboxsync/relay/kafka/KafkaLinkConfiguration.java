package dev.outboxsync.relay.kafka;

import dev.outboxsync.relay.Link;
import dev.outboxsync.relay.RelaySettings;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** Makes the link. Nothing here waits for a broker, or asks for its name. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicSettings.class)
class KafkaLinkConfiguration {
    /** The relay's own settings bound how long a page takes: the lease is longer, so that no other relay leads meanwhile. */
    @Bean
    DefaultKafkaProducerFactoryCustomizer pageTimeouts(RelaySettings relay) {
        int sendTimeout = Math.toIntExact(relay.sendTimeout().toMillis());
        return factory -> {
            factory.updateConfigs(Map.of(
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    sendTimeout,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    sendTimeout / 2,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    relay.connectivityTimeout().toMillis()));
            factory.setPhysicalCloseTimeout(
                    Math.toIntExact(Duration.ofMillis(sendTimeout).toSeconds()));
        };
    }

    @Bean(destroyMethod = "close")
    KafkaConnectivity connectivity(KafkaAdmin admin, TopicSettings topics, RelaySettings relay) {
        return new KafkaConnectivity(
                () -> Admin.create(admin.getConfigurationProperties()),
                relay.siteName(),
                topics,
                relay.connectivityTimeout());
    }

    @Bean(destroyMethod = "close")
    KafkaAcknowledgementSource acknowledgements(ConsumerFactory<byte[], byte[]> consumers, RelaySettings relay) {
        return new KafkaAcknowledgementSource(consumers::createConsumer, relay.siteName());
    }

    @Bean
    Link link(
            KafkaConnectivity connectivity,
            ProducerFactory<byte[], byte[]> producers,
            KafkaAcknowledgementSource acknowledgements,
            RelaySettings relay) {
        return new Link(connectivity, new KafkaChangePublisher(producers, relay.siteName()), acknowledgements);
    }
}
