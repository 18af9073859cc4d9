package dev.outboxsync.relay.kafka;

import dev.outboxsync.event.Site;
import dev.outboxsync.relay.Connectivity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers for the site's two topics, and makes those that are missing where that is allowed: one partition each,
 * for a lane has one order, and kept long enough for the longest outage of the centre.
 */
final class KafkaConnectivity implements Connectivity, AutoCloseable {
    private final Supplier<Admin> admins;
    private final Site site;
    private final TopicSettings topics;
    private final Duration timeout;
    private @Nullable Admin admin;

    /** @param admins makes a client; fails while the brokers' names mean nothing */
    KafkaConnectivity(Supplier<Admin> admins, Site site, TopicSettings topics, Duration timeout) {
        this.admins = admins;
        this.site = site;
        this.topics = topics;
        this.timeout = timeout;
    }

    @Override
    public Optional<String> problem() {
        try {
            Admin client = admin();
            Set<String> missing = missingTopics(client);
            if (!missing.isEmpty() && !topics.create()) {
                return Optional.of("Kafka has no topic " + String.join(", ", missing)
                        + ", or hides it from this site: create it, one partition, or give the site its rights");
            }
            create(missing, client);
            return Optional.empty();
        } catch (TimeoutException | KafkaException | ExecutionException e) {
            // what answered may have been no Kafka, which its threads do not always outlive
            close();
            return Optional.of(KafkaFailure.sentence(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the relay is being stopped");
        }
    }

    private static Throwable causeOf(ExecutionException failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private Admin admin() {
        if (admin == null) {
            admin = admins.get();
        }
        return admin;
    }

    private Set<String> missingTopics(Admin client) throws InterruptedException, ExecutionException, TimeoutException {
        var options = new ListTopicsOptions().timeoutMs((int) timeout.toMillis());
        Set<String> present = client.listTopics(options).names().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return List.of(site.changesTopic(), site.acknowledgementsTopic()).stream()
                .filter(topic -> !present.contains(topic))
                .collect(Collectors.toSet());
    }

    private void create(Set<String> missing, Admin client)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (String topic : missing) {
            var settings = Map.of(
                    TopicConfig.RETENTION_MS_CONFIG,
                    String.valueOf(topics.retention().toMillis()),
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    // A thousand sites are two thousand topics: an index of the broker's default would be 10 MB each.
                    TopicConfig.SEGMENT_INDEX_BYTES_CONFIG,
                    "1048576");
            var newTopic = new NewTopic(topic, Optional.of(1), topics.replication()).configs(settings);
            try {
                client.createTopics(List.of(newTopic)).all().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(causeOf(e) instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
