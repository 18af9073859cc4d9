package dev.outboxsync.campaign;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code campaign_run}; its comments say what each number means. */
record PullRun(
        long id,
        Cause cause,
        State state,
        Instant startedAt,
        @Nullable Instant finishedAt,
        int pass,
        int nextPage,
        @Nullable Long total,
        @Nullable Integer pageSize,
        long seen,
        long unreadable,
        int lostPages,
        boolean shifted,
        int pages,
        long created,
        long changed,
        long unchanged,
        long failed,
        long duplicates,
        long vanished,
        long synced,
        long listCalls,
        long syncCalls,
        long faults,
        long refused,
        long waitedMs,
        @Nullable String problem) {
    enum Cause {
        SCHEDULE,
        REQUESTED,
        RETRY
    }

    /** A kill leaves a run in PAGES or SYNCS; whoever leads next goes on with it. */
    enum State {
        /** The list is read. Ends with its last page, or with a problem that stops the run. */
        PAGES,
        /** Campaigns that are due are synced. */
        SYNCS,
        /** Ended; its problem, if any, is what was left to the next run. */
        DONE,
        /** Ended early; its problem says why. */
        FAILED
    }

    /** How many pages there are, as far as the platform has said; 0 before that. */
    long pagesInAll() {
        return total == null || pageSize == null ? 0 : (total + pageSize - 1) / pageSize;
    }

    /** Whether the list changed while this pass read it, so that campaigns may have been skipped. */
    boolean isDisturbed() {
        return shifted || (total != null && lostPages == 0 && seen + unreadable < total);
    }

    /** Whether what was not seen is not there. */
    boolean isComplete() {
        return total != null && !isDisturbed() && lostPages == 0 && unreadable == 0;
    }
}
