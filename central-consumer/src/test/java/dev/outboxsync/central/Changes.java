package dev.outboxsync.central;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.ChangeEventJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records as one site publishes them, for tests. */
public final class Changes {
    public static final Site SITE = new Site("site-1");
    static final Instant CAPTURED = Instant.parse("2026-11-23T06:00:00.123456Z");

    private final Site site;
    private final int epoch;

    private Changes(Site site, int epoch) {
        this.site = site;
        this.epoch = epoch;
    }

    public static Changes of(Site site) {
        return new Changes(site, 1);
    }

    public Changes inEpoch(int other) {
        return new Changes(site, other);
    }

    public byte[] user(long sequence, Operation operation, long id, String name, String email) {
        return change(
                sequence,
                "users",
                operation,
                String.valueOf(id),
                "{\"id\":\"%d\",\"name\":\"%s\",\"email\":\"%s\",\"updated_at\":\"2026-11-23T06:00:00.120000\"}"
                        .formatted(id, name, email));
    }

    public byte[] user(long sequence, Operation operation, long id, String name) {
        return user(sequence, operation, id, name, "u" + id + "@example.org");
    }

    public byte[] order(long sequence, Operation operation, long id, long user, String amount, String status) {
        return change(
                sequence,
                "orders",
                operation,
                String.valueOf(id),
                ("{\"id\":\"%d\",\"user_id\":\"%d\",\"amount\":\"%s\",\"status\":\"%s\","
                                + "\"updated_at\":\"2026-11-23T06:00:00.120001\"}")
                        .formatted(id, user, amount, status));
    }

    public byte[] change(long sequence, String table, Operation operation, String recordId, String row) {
        try {
            return ChangeEventJson.write(new ChangeEvent(
                    site, new Version(epoch, sequence), table, operation, recordId, CAPTURED, RowImage.ofJson(row)));
        } catch (MalformedRecordException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** These values as the records of the site's topic from this offset on. */
    static List<ReceivedRecord> at(long offset, Site site, byte[]... values) {
        var records = new ArrayList<ReceivedRecord>();
        for (byte[] value : values) {
            records.add(
                    new ReceivedRecord(site.changesTopic(), 0, offset + records.size(), "key".getBytes(UTF_8), value));
        }
        return records;
    }
}
