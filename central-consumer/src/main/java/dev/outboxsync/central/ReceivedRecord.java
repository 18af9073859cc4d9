package dev.outboxsync.central;

import java.util.ArrayList;
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

    /** Bytes of key, value and headers. */
    long size() {
        return length(key) + length(value) + headersSize();
    }

    /** Bytes of the headers. */
    long headersSize() {
        long size = 0;
        for (Header header : headers) {
            size += header.size();
        }
        return size;
    }

    /** The record as it would be if its key, its value and its headers had ended after so many bytes each. */
    ReceivedRecord cutTo(int most) {
        var kept = new ArrayList<Header>();
        long rest = most;
        for (Header header : headers) {
            rest -= header.size();
            if (rest < 0) {
                break;
            }
            kept.add(header);
        }
        return new ReceivedRecord(topic, partition, offset, cut(key, most), cut(value, most), kept);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    /** A header, as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Header(String name, byte @Nullable [] value) {
        long size() {
            return name.length() + length(value);
        }
    }
}
