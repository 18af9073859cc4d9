package dev.outboxsync.relay.kafka;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the site's topics are made where they are missing.
 *
 * @param create false where a set-up job makes them and nobody else may
 * @param retention how long changes are kept: longer than any outage of the centre. What expires is sent again, but only
 *     once the centre is back
 * @param replicas copies of each topic; empty for the brokers' default
 */
@Validated
@ConfigurationProperties("relay.topics")
record TopicSettings(
        @DefaultValue("true") boolean create,
        @DefaultValue("31d") @NotNull Duration retention,
        @Positive @Nullable Short replicas) {
    Optional<Short> replication() {
        return Optional.ofNullable(replicas);
    }
}
