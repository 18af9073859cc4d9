package dev.outboxsync.relay;

import org.jspecify.annotations.Nullable;

/**
 * A change as it goes out.
 *
 * @param key {@code <table>/<record id>}
 * @param value the change event as JSON
 * @param traceparent becomes the record's only header
 */
public record OutgoingChange(
        long sequence, String key, byte[] value, @Nullable String traceparent) {}
