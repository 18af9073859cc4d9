package dev.outboxsync.local.status;

import dev.outboxsync.event.UtcTime;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.QueueTotals;
import dev.outboxsync.queue.ResyncDue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the sync stands. */
record StatusAnswer(
        String site,
        @Nullable Boolean online,
        long pending,
        long synced,
        long failed,
        long overtaken,
        @Nullable String oldestPendingAt,
        @Nullable String lastSyncedAt,
        @Nullable ResyncDue resyncDue,
        List<TableAnswer> tables,
        List<ResyncAnswer> resyncs,
        List<EntryAnswer> records,
        @Nullable String next) {
    static StatusAnswer of(
            QueueTotals totals,
            @Nullable Boolean online,
            List<TableAnswer> tables,
            List<ResyncAnswer> resyncs,
            List<QueueEntry> entries,
            @Nullable String next) {
        return new StatusAnswer(
                totals.site(),
                online,
                totals.pending(),
                totals.synced(),
                totals.failed(),
                totals.overtaken(),
                text(totals.oldestPendingAt()),
                text(totals.lastSyncedAt()),
                totals.resyncDue(),
                tables,
                resyncs,
                entries.stream().map(EntryAnswer::of).toList(),
                next);
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : UtcTime.text(moment);
    }
}
