package dev.outboxsync.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits for a cycle that has not begun. Safe for use by many threads. */
final class CycleRequests {
    private List<CompletableFuture<CycleReport>> waiting = new ArrayList<>();
    private @Nullable RuntimeException closed;

    synchronized CompletableFuture<CycleReport> add() {
        var request = new CompletableFuture<CycleReport>();
        if (closed == null) {
            waiting.add(request);
        } else {
            request.completeExceptionally(closed);
        }
        return request;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Those that the cycle now beginning answers. */
    synchronized List<CompletableFuture<CycleReport>> take() {
        List<CompletableFuture<CycleReport>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    /** No cycle can begin now. */
    void fail(RuntimeException why) {
        take().forEach(request -> request.completeExceptionally(why));
    }

    /** No cycle will begin any more. */
    void close(RuntimeException why) {
        synchronized (this) {
            closed = why;
        }
        fail(why);
    }
}
