package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.endtoend.SecureParts.Service;
import dev.outboxsync.stack.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise over links as docs/secure-links.md sets them up, and what those refuse. What a site may not: SecureLinkTest. */
@Tag("slow")
@Tag("processes")
class SecureLinksTest {
    private static final Duration SOON = Duration.ofSeconds(110);
    private static final int ACCESS_DENIED = 1045;

    @TempDir
    static Path folder;

    private static SecureParts parts;

    @BeforeAll
    static void start() {
        parts = new SecureParts(folder);
        parts.start();
    }

    @AfterAll
    static void stop() {
        if (parts != null) {
            parts.close();
        }
    }

    @Test
    void a_change_arrives_and_comes_back_synced_and_no_secret_is_logged() throws IOException {
        var localApi = parts.service("local-api", database("DB_A", "outbox_api", "outbox_admin_a", "local_db"));
        var relay = parts.service("outbox-relay", relay(Map.of()));
        var centre = parts.service("central-consumer", centre(Map.of()));
        Stream.of(localApi, relay, centre)
                .map(service -> CompletableFuture.runAsync(service.process()::start))
                .toList()
                .forEach(CompletableFuture::join);

        int status = new Shop(localApi.url(), SecureParts.TOKEN)
                .addUser("Ann", "ann@example.org")
                .status();
        assertThat(status).isEqualTo(201);

        var books = new Books(parts.admin("local_db"), parts.admin("central_db"));
        books.awaitDrained(SOON);
        books.demandEqualAndSynced();
        for (Service service : List.of(localApi, relay, centre)) {
            assertThat(Files.readString(service.log())).doesNotContain(SecureParts.PASSWORD, SecureParts.TOKEN);
            service.process().stop();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KAFKA_PASSWORD=wrong             | SaslAuthenticationException
            KAFKA_TRUST_STORE=STRANGERS      | signature check failed
            DB_B_URL=STRANGERS               | signature check failed
            """)
    void a_centre_that_cannot_trust_or_is_not_trusted_waits_and_says_why(String setting, String reason)
            throws IOException {
        String[] pair = setting.split("=", 2);
        String value = !pair[1].equals("STRANGERS")
                ? pair[1]
                : pair[0].equals("DB_B_URL")
                        ? "jdbc:mysql://localhost:" + parts.mySql.port() + "/central_db" + parts.strangers.forUrl()
                        : parts.strangers.trustStore().toString();
        demandThatItWaitsAndSays(reason, parts.service("central-consumer", centre(Map.of(pair[0], value))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local-api", "outbox-relay"})
    void a_site_that_does_not_trust_its_database_waits_and_says_why(String module) throws IOException {
        Map<String, String> settings = module.equals("local-api")
                ? database("DB_A", "outbox_api", "outbox_admin_a", "local_db")
                : relay(Map.of());
        String untrusting = "jdbc:mysql://localhost:" + parts.mySql.port() + "/local_db" + parts.strangers.forUrl();

        demandThatItWaitsAndSays(
                "signature check failed", parts.service(module, with(settings, Map.of("DB_A_URL", untrusting))));
    }

    private static void demandThatItWaitsAndSays(String reason, Service service) {
        var starting = CompletableFuture.runAsync(service.process()::start);
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(service.log())
                        .exists()
                        .content()
                        .contains(reason)
                        .doesNotContain(SecureParts.PASSWORD));
        assertThat(starting).as("still waits").isNotDone();
        service.process().kill9();
        assertThatThrownBy(starting::join).as("never was ready").hasMessageContaining("ended while it started");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            localhost | ours      | 0
            127.0.0.1 | ours      | no host of the certificate
            localhost | strangers | no authority that is trusted
            localhost | none      | 1045
            """)
    void mysql_proves_who_it_is_and_takes_nobody_in_plain_text(String host, String trust, String answer) {
        String options = switch (trust) {
            case "ours" -> parts.certificates.forUrl();
            case "strangers" -> parts.strangers.forUrl();
            default -> "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
        };
        var database = new Database(
                "jdbc:mysql://" + host + ":" + parts.mySql.port() + "/central_db" + options,
                "outbox_admin_b",
                SecureParts.PASSWORD);

        if (answer.equals("0")) {
            assertThat(codeOf(database)).isZero();
        } else if (answer.equals("1045")) {
            assertThat(codeOf(database)).isEqualTo(ACCESS_DENIED);
        } else {
            assertThatThrownBy(database::connect).as(answer).hasStackTraceContaining("Certificate");
        }
    }

    private static int codeOf(Database database) {
        try (var connection = database.connect()) {
            return connection.isValid(5) ? 0 : -1;
        } catch (SQLException e) {
            return e.getErrorCode();
        }
    }

    @Test
    void the_centre_may_do_its_work_on_kafka_and_no_more() throws Exception {
        try (var consumer = consumer("central-consumer");
                var stray = consumer("another-group");
                var producer =
                        new KafkaProducer<>(asCentre(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
                var admin = Admin.create(asCentre(Map.of()))) {
            consumer.assign(List.of(new TopicPartition("sync.acks.site-1", 0)));
            consumer.seek(new TopicPartition("sync.acks.site-1", 0), 0);
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
                    .isInstanceOf(TopicAuthorizationException.class);
            stray.subscribe(List.of("sync.changes.site-1"));
            assertThatThrownBy(() -> stray.poll(Duration.ofSeconds(10)))
                    .isInstanceOf(GroupAuthorizationException.class);
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("sync.changes.site-1", new byte[0]))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("sync.acks.site-2", 1, (short) 1)))
                            .all()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AuthorizationException.class);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                asCentre(Map.of("group.id", group)), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> asCentre(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", "localhost:" + parts.kafka.port());
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"centre\" password=\"%s\";"
                        .formatted(SecureParts.PASSWORD));
        settings.put("ssl.truststore.location", parts.certificates.trustStore().toString());
        settings.put("ssl.truststore.password", "changeit");
        return settings;
    }

    private static Map<String, String> relay(Map<String, String> more) {
        return with(database("DB_A", "outbox_relay", null, "local_db"), with(Map.of("KAFKA_USER", "site-1"), more));
    }

    private static Map<String, String> centre(Map<String, String> more) {
        return with(
                database("DB_B", "outbox_centre", "outbox_admin_b", "central_db"),
                with(Map.of("KAFKA_USER", "centre"), more));
    }

    private static Map<String, String> database(String name, String user, String admin, String schema) {
        Map<String, String> names = Map.of(
                name + "_URL", parts.url(schema), name + "_USER", user, name + "_PASSWORD", SecureParts.PASSWORD);
        return admin == null
                ? names
                : with(names, Map.of(name + "_ADMIN_USER", admin, name + "_ADMIN_PASSWORD", SecureParts.PASSWORD));
    }

    private static Map<String, String> with(Map<String, String> first, Map<String, String> more) {
        var all = new HashMap<>(first);
        all.putAll(more);
        return all;
    }
}
