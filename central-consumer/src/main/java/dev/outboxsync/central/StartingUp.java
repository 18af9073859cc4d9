package dev.outboxsync.central;

import dev.outboxsync.mysql.MySqlFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Waits in the background, for ever, until the database is prepared; then opens the lanes, and from then on looks for
 * tables of SYNC_TABLES that were not there before.
 */
@Component
final class StartingUp implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StartingUp.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final CentralSchema schema;
    private final ChangeLanes lanes;
    private final Duration lookEvery;
    private @Nullable Thread thread;

    StartingUp(CentralSchema schema, ChangeLanes lanes, CentralProperties properties) {
        this.lookEvery = properties.lookEvery();
        this.schema = schema;
        this.lanes = lanes;
    }

    @Override
    public synchronized void start() {
        thread = new Thread(this::waitAndOpen, "start-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void waitAndOpen() {
        try {
            while (!opened()) {
                Thread.sleep(PAUSE.toMillis());
            }
            while (true) {
                Thread.sleep(lookEvery.toMillis());
                lookForNewTables();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped");
        }
    }

    private void lookForNewTables() {
        try {
            schema.grantNewTables();
        } catch (RuntimeException e) {
            LOG.debug("DB_B cannot be looked at now: {}", reason(e));
        }
    }

    private boolean opened() {
        try {
            schema.prepare();
            lanes.open();
            LOG.info("The lanes of all sites are open");
            return true;
        } catch (RuntimeException e) {
            LOG.warn("Cannot start yet, next attempt in {} s: {}", PAUSE.toSeconds(), reason(e));
            return false;
        }
    }

    /** A server's message may name values, but here no row has been touched. */
    private static String reason(RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        int code = MySqlFailure.of(failure).code();
        String message = MySqlFailure.ofEncryption(failure).orElse(root.getMessage());
        String cause = root == failure ? "" : " (" + (code == 0 ? "" : code + ": ") + message + ")";
        return failure.getMessage() + cause;
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
