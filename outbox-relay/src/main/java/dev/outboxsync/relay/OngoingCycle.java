package dev.outboxsync.relay;

import dev.outboxsync.relay.CycleReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A cycle on its way, over many turns of the lane. */
final class OngoingCycle {
    private final long number;
    private @Nullable Long newest;
    private final Instant startedAt;
    private final List<CompletableFuture<CycleReport>> requesters;
    private Instant lastProgress;
    private long published;

    OngoingCycle(long number, Instant startedAt, List<CompletableFuture<CycleReport>> requesters) {
        this.number = number;
        this.startedAt = startedAt;
        this.requesters = requesters;
        this.lastProgress = startedAt;
    }

    long number() {
        return number;
    }

    /** The newest change that belongs to it, as its first page finds it: under steady load it would else never end. */
    long newest(LongSupplier queue) {
        if (newest == null) {
            newest = queue.getAsLong();
        }
        return newest;
    }

    void published(int changes) {
        published += changes;
    }

    void progressed(Instant now) {
        lastProgress = now;
    }

    /** Whether the centre has been silent so long that who asked for the cycle should not wait for its end. */
    boolean stalled(Instant now, Duration longest) {
        return lastProgress.plus(longest).isBefore(now);
    }

    CycleReport report(Outcome outcome, Instant now) {
        return new CycleReport(startedAt, Duration.between(startedAt, now), published, outcome);
    }

    void answer(CycleReport report) {
        requesters.forEach(requester -> requester.complete(report));
    }

    void fail(RuntimeException failure) {
        requesters.forEach(requester -> requester.completeExceptionally(failure));
    }
}
