package dev.outboxsync.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a resync of a table has come.
 *
 * @param state QUEUEING rows; WAITING until they are acknowledged, before it deletes what is missing; DONE
 * @param rows in range when it began; null before that
 * @param queued rows queued so far
 * @param problem why it ended early or deletes nothing, and what to do
 */
public record ResyncProgress(
        String tableName,
        ResyncCause cause,
        String state,
        @Nullable Long rows,
        long queued,
        boolean deleteMissing,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        @Nullable String problem) {}
