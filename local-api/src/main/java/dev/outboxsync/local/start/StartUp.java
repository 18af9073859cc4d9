package dev.outboxsync.local.start;

import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.steering.StartRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Waits for DB_A for ever, in a thread of its own, prepares it, and from then on looks again and again whether every
 * table is still captured. What no waiting mends ends the process with a sentence and exit code 1.
 */
@Component
class StartUp implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
    private static final int ACCESS_DENIED = 1045;

    private final SiteDatabase database;
    private final LocalApiProperties properties;
    private final ApplicationContext context;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile boolean ready;

    StartUp(SiteDatabase database, LocalApiProperties properties, ApplicationContext context) {
        this.database = database;
        this.properties = properties;
        this.context = context;
    }

    /** Whether DB_A was there, ours and wholly captured when it was last looked at. */
    boolean isReady() {
        return ready;
    }

    @Override
    public void start() {
        // No daemon: it must live to set the exit code after the server's own threads have ended.
        var starting = new Thread(this::run, "start-up");
        thread = starting;
        starting.start();
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    @Override
    public boolean isRunning() {
        return thread != null && stopped.getCount() > 0;
    }

    private void run() {
        try {
            boolean goesOn = succeeds(database::prepare);
            while (goesOn && succeeds(database::check)) {
                announceReady();
                goesOn = !stopsWithin(properties.checkEvery());
            }
        } catch (StartRefused refused) {
            end(refused.getMessage() + " " + refused.cure());
        } catch (FlywayValidateException changed) {
            end("DB_A was migrated by another version of this service. Run that one, or a newer one. "
                    + firstLine(changed));
        }
    }

    /** Repeats the step, with growing pauses, until it works; false if the service stops before. */
    private boolean succeeds(Runnable step) {
        Duration pause = properties.shortestPause();
        while (!works(step, pause)) {
            if (stopsWithin(pause)) {
                return false;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(properties.longestPause()) > 0 ? properties.longestPause() : doubled;
        }
        return true;
    }

    private boolean works(Runnable step, Duration pause) {
        try {
            step.run();
            return true;
        } catch (StartRefused | FlywayValidateException noWaitingMends) {
            throw noWaitingMends;
        } catch (RuntimeException failure) {
            ready = false;
            LOG.warn(
                    "Site {}: DB_A is not ready, next attempt in {} s: {}",
                    properties.site(),
                    pause.toMillis() / 1000.0,
                    reason(failure));
            return false;
        }
    }

    private void announceReady() {
        if (!ready) {
            Set<String> others = database.captured().problems().keySet();
            LOG.info(
                    "Site {}: DB_A is ready, captured are {}{}",
                    properties.site(),
                    database.capturedTables(),
                    others.isEmpty() ? "" : ", not under sync " + others);
            ready = true;
        }
    }

    private boolean stopsWithin(Duration pause) {
        try {
            return stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void end(String sentence) {
        ready = false;
        LOG.error("Site {}: local-api ends, for no waiting mends this. {}", properties.site(), sentence);
        System.exit(SpringApplication.exit(context, () -> 1));
    }

    private static String reason(RuntimeException failure) {
        Optional<String> encryption = MySqlFailure.ofEncryption(failure);
        if (encryption.isPresent()) {
            return "no encrypted connection; if it is not away, check its certificate and the trust store in DB_A_URL. "
                    + encryption.get();
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        if (root instanceof IOException) {
            return "it does not answer; if it is not away, correct DB_A_URL. " + firstLine(root);
        }
        return MySqlFailure.of(failure).code() == ACCESS_DENIED
                ? "it does not let us in: check DB_A_USER, DB_A_ADMIN_USER and their passwords. " + firstLine(root)
                : firstLine(root);
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
