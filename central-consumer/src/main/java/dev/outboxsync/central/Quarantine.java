package dev.outboxsync.central;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table sync_quarantine: records that are no change events, byte for byte. */
final class Quarantine {
    // the site's lock keeps two of the same record apart; by_place finds the one that is there
    private static final String KEEP = """
            INSERT INTO sync_quarantine
              (topic, topic_partition, topic_offset, record_key, record_value, value_hash, reason, detail, quarantined_at)
            SELECT :topic, :partition, :offset, :key, :value, :hash, :reason, :detail, :now
            WHERE NOT EXISTS (
              SELECT 1
              FROM sync_quarantine
              WHERE topic = :topic AND topic_partition = :partition AND topic_offset = :offset AND value_hash = :hash)
            """;

    private final JdbcClient jdbc;
    private final Clock clock;

    Quarantine(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    void keep(List<Poison> poison) {
        poison.forEach(this::keep);
    }

    private void keep(Poison poison) {
        ReceivedRecord received = poison.record();
        jdbc.sql(KEEP)
                .param("topic", received.topic())
                .param("partition", received.partition())
                .param("offset", received.offset())
                .param("key", received.key())
                .param("value", received.value())
                .param("hash", sha256(received.value()))
                .param("reason", poison.problem().name())
                .param("detail", poison.field())
                .param("now", LocalDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC))
                .update();
    }

    private static byte[] sha256(byte @Nullable [] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value == null ? new byte[0] : value);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
