package dev.outboxsync.central;

import java.io.StringWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Table sync_quarantine, where records that are no change events are put, byte for byte. */
final class Quarantine {
    // by_place
    static final String READ_KEPT = """
            SELECT topic_offset, value_hash
            FROM sync_quarantine
            WHERE topic = ? AND topic_partition = ? AND topic_offset BETWEEN ? AND ?
            """;
    private static final String KEEP = """
            INSERT INTO sync_quarantine (topic, topic_partition, topic_offset, record_key, record_value,
                                         record_headers, value_hash, reason, detail, quarantined_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    /** One statement, which the driver holds as a whole, has about so many bytes. */
    private static final int MOST_BYTES_AT_ONCE = 4 * 1024 * 1024;

    private static final int MOST_AT_ONCE = 1_000;
    private static final long ROW = 200;
    private static final JsonFactory JSON = new JsonFactory();

    private final JdbcTemplate jdbc;
    private final Clock clock;

    Quarantine(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Keeps those that are not kept yet, and answers them. All are of one topic, whose site is locked: nobody else keeps them meanwhile. */
    List<Poison> keep(List<Poison> poison) {
        if (poison.isEmpty()) {
            return poison;
        }
        Set<Place> kept = kept(poison);
        var added = new ArrayList<Poison>();
        var rows = new ArrayList<Object[]>();
        long bytes = 0;
        for (Poison one : poison) {
            byte[] hash = sha256(one.record().value());
            if (kept.add(Place.of(one.record().partition(), one.record().offset(), hash))) {
                added.add(one);
                Object[] row = row(one, hash);
                rows.add(row);
                bytes += ROW + one.record().size() + one.record().headersSize(); // these are in hexadecimal
            }
            if (bytes >= MOST_BYTES_AT_ONCE || rows.size() == MOST_AT_ONCE) {
                jdbc.batchUpdate(KEEP, rows);
                rows.clear();
                bytes = 0;
            }
        }
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(KEEP, rows);
        }
        return added;
    }

    private Set<Place> kept(List<Poison> poison) {
        ReceivedRecord first = poison.get(0).record();
        ReceivedRecord last = poison.get(poison.size() - 1).record();
        var kept = new HashSet<Place>();
        jdbc.query(
                READ_KEPT,
                row -> {
                    kept.add(Place.of(first.partition(), row.getLong("topic_offset"), row.getBytes("value_hash")));
                },
                first.topic(),
                first.partition(),
                first.offset(),
                last.offset());
        return kept;
    }

    private Object[] row(Poison poison, byte[] hash) {
        ReceivedRecord received = poison.record();
        return new @Nullable Object[] {
            received.topic(),
            received.partition(),
            received.offset(),
            received.key(),
            received.value(),
            headers(received.headers()),
            hash,
            poison.problem().name(),
            poison.field(),
            LocalDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC)
        };
    }

    private static @Nullable String headers(List<ReceivedRecord.Header> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (ReceivedRecord.Header header : headers) {
                byte[] value = header.value();
                json.writeStartArray();
                json.writeString(header.name());
                json.writeString(value == null ? null : HexFormat.of().formatHex(value));
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static byte[] sha256(byte @Nullable [] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value == null ? new byte[0] : value);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Where a record was, and which one it was: a topic that was made anew has others at the same places. */
    private record Place(int partition, long offset, String hash) {
        static Place of(int partition, long offset, byte[] hash) {
            return new Place(partition, offset, HexFormat.of().formatHex(hash));
        }
    }
}
