package dev.outboxsync.relay.kafka;

import dev.outboxsync.relay.Link;
import dev.outboxsync.relay.RelaySettings;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** Makes the link. Nothing here waits for a broker. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicSettings.class)
class KafkaLinkConfiguration {
    @Bean(destroyMethod = "close")
    Admin admin(KafkaAdmin settings) {
        return Admin.create(settings.getConfigurationProperties());
    }

    @Bean(destroyMethod = "close")
    KafkaAcknowledgementSource acknowledgements(ConsumerFactory<byte[], byte[]> consumers, RelaySettings relay) {
        return new KafkaAcknowledgementSource(consumers.createConsumer(), relay.siteName());
    }

    @Bean
    Link link(
            ProducerFactory<byte[], byte[]> producers,
            KafkaAcknowledgementSource acknowledgements,
            Admin admin,
            TopicSettings topics,
            RelaySettings relay) {
        return new Link(
                new KafkaConnectivity(admin, relay.siteName(), topics, relay.connectivityTimeout()),
                new KafkaChangePublisher(producers, relay.siteName()),
                acknowledgements);
    }
}
