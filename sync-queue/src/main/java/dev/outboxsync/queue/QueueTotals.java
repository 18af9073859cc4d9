package dev.outboxsync.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the queue stands, as one moment shows it. Times are null where there is nothing to tell.
 *
 * @param failed FAILED rows that a person has to look at
 * @param overtaken FAILED rows whose record has a later change that is SYNCED
 * @param resyncDue what a new epoch has to send again and nobody has begun to; null when there is nothing
 */
public record QueueTotals(
        String site,
        long pending,
        long synced,
        long failed,
        long overtaken,
        @Nullable Instant oldestPendingAt,
        @Nullable Instant lastSyncedAt,
        @Nullable ResyncDue resyncDue) {}
