package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A captured change that waits to be sent.
 *
 * @param id {@code sync_queue.id}: its sequence
 * @param payload the row image as JSON; null when it is longer than the reader asked for
 * @param traceparent the writer's trace context, where it set one
 */
public record QueuedChange(
        long id,
        String table,
        String recordId,
        Operation operation,
        Instant capturedAt,
        @Nullable String payload,
        @Nullable String traceparent) {}
