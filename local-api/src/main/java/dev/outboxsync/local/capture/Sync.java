package dev.outboxsync.local.capture;

import dev.outboxsync.event.Operation;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.SyncStatus;
import org.jspecify.annotations.Nullable;

/** How far a record's latest change has come, as every answer shows it. */
public record Sync(long id, Operation operation, SyncStatus syncStatus) {
    /** Of this entry; null for a record that has none, because it was written before its table was captured. */
    public static @Nullable Sync ofLatest(@Nullable QueueEntry entry) {
        return entry == null ? null : of(entry);
    }

    static Sync of(QueueEntry entry) {
        return new Sync(entry.id(), entry.operation(), entry.syncStatus());
    }
}
