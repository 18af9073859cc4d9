package dev.outboxsync.central;

import org.jspecify.annotations.Nullable;

/**
 * One record of a site's topic of changes, as it came: whether it is a change event is yet to be seen.
 *
 * @param key of the record, which decides nothing
 * @param value of the record; null for what Kafka calls a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: a record is named by its place
public record ReceivedRecord(
        String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {}
