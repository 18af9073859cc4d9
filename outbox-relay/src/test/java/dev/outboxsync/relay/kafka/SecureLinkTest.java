package dev.outboxsync.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.relay.Link;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import dev.outboxsync.relay.RelaySettings;
import dev.outboxsync.stack.Certificates;
import dev.outboxsync.stack.KafkaSecurity;
import dev.outboxsync.stack.Place;
import dev.outboxsync.stack.PrivateKafka;
import dev.outboxsync.stack.ProjectFiles;
import dev.outboxsync.stack.kafka.KafkaRights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

/** The relay's own settings of Kafka, with the names that docs/secure-links.md tells, on a broker that asks who comes. */
@Tag("slow")
@Tag("processes")
class SecureLinkTest {
    private static final String PASSWORD = "the-password-of-site-1";

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static Certificates strangers;
    private static PrivateKafka kafka;

    @BeforeAll
    static void start() {
        certificates = Certificates.make(folder.resolve("ours"), "localhost");
        strangers = Certificates.make(folder.resolve("strangers"), "localhost");
        String admin = UUID.randomUUID().toString();
        kafka = PrivateKafka.secured(
                new Place("The secured Kafka", folder.resolve("data"), folder.resolve("kafka.log"), 0),
                new KafkaSecurity(certificates.of("localhost", "pem"), admin));
        kafka.start();
        try (var rights = new KafkaRights(kafka.adminSettings(), ProjectFiles.at("containers/kafka-rights"))) {
            rights.addSite("site-1", PASSWORD);
            rights.addSite("site-10", "another-password");
        }
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.kill9();
        }
    }

    @Test
    void a_site_writes_its_changes_and_reads_its_acknowledgements() {
        as("site-1", context -> {
            Link link = context.getBean(Link.class);

            assertThat(link.connectivity().problem()).isEmpty();
            link.acknowledgements().startAtEnd();
            assertThat(link.acknowledgements().poll(Duration.ofMillis(100))).isEmpty();
            assertThat(publish(link).confirmed()).containsExactly(1L);
        });
    }

    @Test
    void another_sites_topics_are_refused_and_hidden_even_one_whose_name_begins_alike() {
        as("site-10", context -> {
            Link link = context.getBean(Link.class);

            assertThat(link.connectivity().problem().orElseThrow())
                    .startsWith("Kafka has no topic ")
                    .contains("sync.changes.site-10", "sync.acks.site-10", "or hides it from this site");
            assertThat(publish(link).confirmed()).isEmpty();
            assertThat(publish(link).failure()).isEqualTo("TopicAuthorizationException");
            assertThatThrownBy(() -> link.acknowledgements().startAtEnd())
                    .isInstanceOf(TopicAuthorizationException.class);
        });
    }

    @Test
    void a_site_reads_no_changes_not_even_its_own_and_joins_no_group() {
        as("site-1", context -> {
            var consumers = (ConsumerFactory<?, ?>) context.getBean(ConsumerFactory.class);
            var partition = List.of(new TopicPartition("sync.changes.site-1", 0));
            try (var consumer = consumers.createConsumer()) {
                consumer.assign(partition);
                consumer.seekToBeginning(partition);
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
                        .isInstanceOf(TopicAuthorizationException.class);
            }
            var properties = new Properties();
            properties.put("default.api.timeout.ms", "10000");
            try (var consumer = consumers.createConsumer("central-consumer", null, null, properties)) {
                consumer.subscribe(List.of("sync.acks.site-1"));
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
                        .isInstanceOf(GroupAuthorizationException.class);
            }
        });
    }

    @Test
    void a_site_makes_no_topic() {
        as(
                "site-2",
                context -> assertThat(context.getBean(Link.class)
                                .connectivity()
                                .problem()
                                .orElseThrow())
                        .startsWith("Kafka refuses what this site has no right to"),
                "relay.topics.create=true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KAFKA_PASSWORD=wrong                     | Kafka does not let this site in
            KAFKA_USER=nobody                        | Kafka does not let this site in
            KAFKA_TRUST_STORE=STRANGERS              | Kafka's certificate is of no authority that KAFKA_TRUST_STORE names
            KAFKA_TRUST_STORE=                       | Kafka's trust store cannot be read
            KAFKA_TRUST_STORE_PASSWORD=wrong         | Kafka's trust store cannot be read
            KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:PORT   | Kafka's certificate is not for the host in KAFKA_BOOTSTRAP_SERVERS
            KAFKA_SECURITY_PROTOCOL=PLAINTEXT        | Kafka cannot be reached: it is away, or does not speak as KAFKA_SECURITY_PROTOCOL says
            """)
    void what_is_wrong_is_said_and_no_secret_with_it(String setting, String sentence) {
        String named = setting.replace("STRANGERS", strangers.trustStore().toString())
                .replace("PORT", Integer.toString(kafka.port()));

        as(
                "site-1",
                context -> assertThat(context.getBean(Link.class)
                                .connectivity()
                                .problem()
                                .orElseThrow())
                        .startsWith(sentence)
                        .doesNotContain(PASSWORD, "wrong"),
                named);
    }

    private static Publication publish(Link link) {
        return link.publisher().publish(List.of(new OutgoingChange(1, "users/1", new byte[] {'{', '}'}, null)));
    }

    /** @param site whose relay it is; the user is always that of site-1 */
    private static void as(String site, Consumer<AssertableApplicationContext> look, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "SITE_ID=" + site,
                "KAFKA_BOOTSTRAP_SERVERS=localhost:" + kafka.port(),
                "KAFKA_SECURITY_PROTOCOL=SASL_SSL",
                "KAFKA_USER=site-1",
                "KAFKA_PASSWORD=" + PASSWORD,
                "KAFKA_TRUST_STORE=" + certificates.trustStore(),
                "relay.topics.create=false",
                "DB_A_URL=",
                "DB_A_USER=",
                "DB_A_PASSWORD="));
        settings.addAll(List.of(more));
        new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withUserConfiguration(Settings.class, KafkaLinkConfiguration.class)
                .withPropertyValues(settings.toArray(String[]::new))
                .run(look::accept);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(RelaySettings.class)
    static class Settings {}
}
