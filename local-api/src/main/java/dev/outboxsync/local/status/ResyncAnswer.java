package dev.outboxsync.local.status;

import dev.outboxsync.event.UtcTime;
import dev.outboxsync.queue.ResyncCause;
import dev.outboxsync.queue.ResyncProgress;
import org.jspecify.annotations.Nullable;

/** How far a resync has come, as clients see it. */
record ResyncAnswer(
        String tableName,
        ResyncCause cause,
        String state,
        @Nullable Long rows,
        long queued,
        boolean deleteMissing,
        String requestedAt,
        @Nullable String finishedAt,
        @Nullable String problem) {
    static ResyncAnswer of(ResyncProgress progress) {
        return new ResyncAnswer(
                progress.tableName(),
                progress.cause(),
                progress.state(),
                progress.rows(),
                progress.queued(),
                progress.deleteMissing(),
                UtcTime.text(progress.requestedAt()),
                progress.finishedAt() == null ? null : UtcTime.text(progress.finishedAt()),
                progress.problem());
    }
}
