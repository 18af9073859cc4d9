package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.PlatformClient;
import dev.outboxsync.mysql.MySqlFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The thread that pulls, with or without DB_A and the platform, until the service is stopped. What it does next is written in
 * the row of the open run alone: after a kill the next one goes on from there.
 */
final class PullThread implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PullThread.class);
    private static final Duration FOR_THE_STEP_IN_HAND = Duration.ofSeconds(20);

    private final PlatformClient platform;
    private final Leadership leadership;
    private final PullSteps steps;
    private final Duration lookEvery;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean prepared;
    private volatile boolean failing;
    private int term;
    private @Nullable Thread thread;

    PullThread(PlatformClient platform, Leadership leadership, PullSteps steps, Duration lookEvery) {
        this.platform = platform;
        this.leadership = leadership;
        this.steps = steps;
        this.lookEvery = lookEvery;
    }

    /** Whether DB_A was there and had our tables when it was last used, and the last step did what it should. */
    boolean isReady() {
        return prepared && !failing;
    }

    @Override
    public synchronized void start() {
        stopping = false;
        leadership.begin();
        Thread started = new Thread(this::run, "campaign-pull");
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        Thread stopped;
        synchronized (this) {
            stopping = true;
            stopped = thread;
            thread = null;
        }
        if (stopped != null) {
            stopped.interrupt();
            try {
                stopped.join(FOR_THE_STEP_IN_HAND.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            leadership.close();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Looks for work at once: somebody has begun a run. */
    void wake() {
        woken.release();
    }

    private void run() {
        while (!stopping) {
            try {
                boolean more = step();
                failing = false;
                if (!more) {
                    rest();
                }
            } catch (PlatformClient.CallInterrupted stop) {
                LOG.debug("Stopped in mid-call");
            } catch (PullRuns.RunLost lost) {
                LOG.warn("Another campaign-pull has gone on with the run, or ended it; nothing was stored twice");
            } catch (DataAccessException | TransactionException away) {
                if (!stopping) {
                    databaseAway(away);
                }
            } catch (RuntimeException defect) {
                unexpected(defect);
            }
        }
    }

    /** Returns whether there may be more to do at once. */
    private boolean step() {
        Optional<PullRun> open = steps.open();
        if (!prepared) {
            LOG.info("DB_A is ready");
            prepared = true;
        }
        if (!leadership.leads()) {
            return false;
        }
        if (leadership.term() != term) {
            int gained = leadership.term();
            platform.takeOver();
            term = gained;
        }
        if (open.isEmpty()) {
            return steps.beginIfDue();
        }
        steps.take(open.get());
        return true;
    }

    private void unexpected(RuntimeException defect) {
        if (!failing) {
            LOG.error(
                    "A step of the run failed unexpectedly; it is tried again every {} ms, and campaign-pull is not ready"
                            + " until it works. Please report this",
                    lookEvery.toMillis(),
                    defect);
        }
        failing = true;
        rest();
    }

    private void databaseAway(RuntimeException away) {
        prepared = false;
        LOG.warn(
                "DB_A cannot be used, or local-api has not prepared it ({}); tried again every {} ms",
                MySqlFailure.ofEncryption(away).orElse(MySqlFailure.of(away).inWords()),
                lookEvery.toMillis());
        LOG.debug("The failure in full", away);
        rest();
    }

    private void rest() {
        try {
            if (!stopping && woken.tryAcquire(lookEvery.toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
        } catch (InterruptedException stop) {
            LOG.debug("Stopped while it rested");
        }
    }
}
