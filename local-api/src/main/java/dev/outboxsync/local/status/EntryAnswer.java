package dev.outboxsync.local.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.UtcTime;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.SyncStatus;
import org.jspecify.annotations.Nullable;

/** A row of the queue as clients see it. */
record EntryAnswer(
        long id,
        String tableName,
        String recordId,
        Operation operation,
        String lastUpdatedAt,
        SyncStatus syncStatus,
        int retryCount,
        @Nullable String lastError,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long overtakenBy) {
    static EntryAnswer of(QueueEntry entry) {
        return new EntryAnswer(
                entry.id(),
                entry.tableName(),
                entry.recordId(),
                entry.operation(),
                UtcTime.text(entry.lastUpdatedAt()),
                entry.syncStatus(),
                entry.retryCount(),
                entry.lastError(),
                entry.overtakenBy());
    }
}
