package dev.outboxsync.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the queue stands, as one moment shows it. Times are null where there is nothing to tell. */
public record QueueTotals(
        String site,
        long pending,
        long synced,
        long failed,
        @Nullable Instant oldestPendingAt,
        @Nullable Instant lastSyncedAt) {}
