package dev.outboxsync.central.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Ends a poll that holds enough. The broker bounds what it hands out as it is compressed, and a megabyte of that may swell
 * to a gigabyte of records. Kafka's client keeps a record that cannot be deserialized, returns those before it and tries it
 * again with the next poll: a full poll lets none in. For one consumer at a time, on its thread.
 */
final class BoundedPolls {
    private final long most;
    private long held;
    private boolean behindKey;

    /** @param most a poll ends behind the record with which it holds so many bytes */
    BoundedPolls(long most) {
        this.most = most;
    }

    /** What was polled has come: the next record is the first of another poll. */
    void begin() {
        held = 0;
        behindKey = false;
    }

    /** Of keys. Null is not asked for: what has neither key nor value is not counted. */
    Deserializer<byte[]> keys() {
        return new Part() {
            @Override
            void take(Headers headers, int size) {
                takeRecord(headers, size);
                behindKey = true;
            }
        };
    }

    /** Of values. */
    Deserializer<byte[]> values() {
        return new Part() {
            @Override
            void take(Headers headers, int size) {
                if (behindKey) {
                    held += size;
                } else {
                    takeRecord(headers, size);
                }
                behindKey = false;
            }
        };
    }

    private void takeRecord(Headers headers, int size) {
        if (held >= most) {
            throw new SerializationException("the poll is full: this record comes with the next one");
        }
        held += size;
        for (Header header : headers) {
            held += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
    }

    private abstract static class Part implements Deserializer<byte[]> {
        abstract void take(Headers headers, int size);

        @Override
        public byte[] deserialize(String topic, Headers headers, ByteBuffer octets) {
            take(headers, octets.remaining());
            var copy = new byte[octets.remaining()];
            octets.get(copy);
            return copy;
        }

        @Override
        public byte[] deserialize(String topic, byte[] octets) {
            throw new UnsupportedOperationException("the client deserializes with headers");
        }
    }
}
