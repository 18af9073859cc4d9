package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the queue as people see it.
 *
 * @param lastUpdatedAt when the change was captured
 */
public record QueueEntry(
        long id,
        String tableName,
        String recordId,
        Operation operation,
        Instant lastUpdatedAt,
        SyncStatus syncStatus,
        int retryCount,
        @Nullable String lastError) {}
