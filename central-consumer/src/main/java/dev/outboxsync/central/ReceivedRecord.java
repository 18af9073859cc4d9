package dev.outboxsync.central;

import java.util.Arrays;
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

    /** Bytes of key and value. */
    int size() {
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** The record as it would be if its key and value had ended after so many bytes. */
    ReceivedRecord cutTo(int most) {
        return new ReceivedRecord(topic, partition, offset, cut(key, most), cut(value, most), headers);
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    /** A header, as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Header(String name, byte @Nullable [] value) {}
}
