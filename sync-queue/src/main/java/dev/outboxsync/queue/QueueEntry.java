package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the queue as people see it.
 *
 * @param lastUpdatedAt when the change was captured
 * @param overtakenBy a later change of the record that is SYNCED, when this one is FAILED: nothing is left to do; else null
 */
public record QueueEntry(
        long id,
        String tableName,
        String recordId,
        Operation operation,
        Instant lastUpdatedAt,
        SyncStatus syncStatus,
        int retryCount,
        @Nullable String lastError,
        @Nullable Long overtakenBy) {}
