package dev.outboxsync.campaign;

import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.LeaseHold;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Keeps the lease in a thread of its own, so that a puller that waits for the platform goes on leading. */
final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final LeaderLease lease;
    private final Duration length;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "campaign-lease");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long until = System.nanoTime();
    private final AtomicInteger term = new AtomicInteger();
    private @Nullable Future<?> beats;

    Leadership(LeaderLease lease, Duration length) {
        this.lease = lease;
        this.length = length;
    }

    void begin() {
        beats = keeper.scheduleWithFixedDelay(this::beat, 0, length.toNanos() / 3, TimeUnit.NANOSECONDS);
    }

    private void beat() {
        long asked = System.nanoTime();
        try {
            LeaseHold hold = lease.acquire();
            if (hold == LeaseHold.GAINED) {
                term.incrementAndGet();
                LOG.info("This campaign-pull leads");
            }
            until = hold == LeaseHold.NONE ? asked : asked + length.toNanos();
        } catch (DataAccessException away) {
            LOG.debug("The lease cannot be extended now", away);
        }
    }

    /** Whether this process pulls, and no other does. */
    boolean leads() {
        return until - System.nanoTime() > 0;
    }

    /** Grows with each time that the lease is gained: another process may have pulled before. */
    int term() {
        return term.get();
    }

    @Override
    public void close() {
        if (beats != null) {
            beats.cancel(false);
        }
        keeper.execute(() -> {
            try {
                lease.release();
            } catch (DataAccessException away) {
                LOG.warn("The lease could not be given up and runs out by itself");
            }
        });
        keeper.shutdown();
        try {
            if (!keeper.awaitTermination(5, TimeUnit.SECONDS)) {
                keeper.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
