package dev.outboxsync.central;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a site's topic of changes, as it came: whether it is a change event is yet to be seen.
 *
 * @param key of the record, which decides nothing
 * @param value of the record; null for what Kafka calls a tombstone
 * @param headers of the record, which decide nothing either
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: a record is named by its place
public record ReceivedRecord(
        String topic,
        int partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {
    /** A record without headers. */
    public ReceivedRecord(String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {
        this(topic, partition, offset, key, value, List.of());
    }

    /** A header, as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Header(String name, byte @Nullable [] value) {}
}
