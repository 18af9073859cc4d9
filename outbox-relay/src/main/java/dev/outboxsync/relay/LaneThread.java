package dev.outboxsync.relay;

import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.queue.JdbcSiteState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/** The thread that turns the lane, from the start of the service, with or without DB_A and Kafka, until it is stopped. */
final class LaneThread implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(2);
    private static final Duration FOR_THE_TURN_IN_HAND = Duration.ofSeconds(25);

    private final RelayLane lane;
    private final JdbcSiteState siteState;
    private final RelaySettings settings;
    private final Runnable endService;
    private volatile boolean stopping;
    private volatile boolean prepared;
    private @Nullable Thread thread;

    /** @param endService called, by a thread that may then be joined, for what no waiting mends */
    LaneThread(RelayLane lane, JdbcSiteState siteState, RelaySettings settings, Runnable endService) {
        this.lane = lane;
        this.siteState = siteState;
        this.settings = settings;
        this.endService = endService;
    }

    /** Whether DB_A was found and is this site's. */
    boolean prepared() {
        return prepared;
    }

    @Override
    public synchronized void start() {
        stopping = false;
        Thread started = new Thread(this::run, "relay-lane");
        started.setUncaughtExceptionHandler((itself, failure) -> {
            LOG.error("Site {}: the relay cannot go on and ends; start it again", settings.site(), failure);
            endService.run();
        });
        thread = started;
        started.start();
    }

    @Override
    public synchronized void stop() {
        stopping = true;
        Thread stopped = thread;
        thread = null;
        if (stopped == null) {
            return;
        }
        synchronized (lane) {
            lane.notifyAll();
        }
        try {
            stopped.join(FOR_THE_TURN_IN_HAND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    private void run() {
        while (!stopping && !prepared) {
            prepare();
        }
        if (prepared) {
            LOG.info("Site {}: the relay works by {}", settings.site(), settings.cron());
        }
        while (!stopping) {
            rest(lane.turn());
        }
        close();
    }

    private void prepare() {
        try {
            Site owner = siteState.site();
            if (!owner.equals(settings.siteName())) {
                LOG.error(
                        "DB_A belongs to site {}, but SITE_ID says {}: correct SITE_ID or DB_A_URL",
                        owner,
                        settings.site());
                stopping = true;
                endService.run();
                return;
            }
            siteState.configure(settings.startOnline());
            prepared = true;
        } catch (DataAccessException e) {
            LOG.warn(
                    "Site {}: DB_A is not there yet, does not let DB_A_USER in, or local-api has not prepared it ({});"
                            + " next attempt in {} s",
                    settings.site(),
                    inShort(e),
                    BETWEEN_ATTEMPTS.toSeconds());
            LOG.debug("The failure in full", e);
            lane.cannotTurn(e);
            rest(BETWEEN_ATTEMPTS);
        }
    }

    /** Without MySQL's own message, which could hold values. */
    private static String inShort(DataAccessException failure) {
        int code = MySqlFailure.of(failure).code();
        return code == 0
                ? MySqlFailure.ofEncryption(failure)
                        .orElse(NestedExceptionUtils.getMostSpecificCause(failure)
                                .getClass()
                                .getSimpleName())
                : "MySQL error " + code;
    }

    private void rest(Duration pause) {
        if (pause.isZero()) {
            return;
        }
        synchronized (lane) {
            try {
                if (!stopping) {
                    lane.wait(pause.toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopping = true;
            }
        }
    }

    private void close() {
        try {
            lane.close();
        } catch (DataAccessException e) {
            LOG.warn("Site {}: the lease could not be given up and runs out by itself", settings.site());
        }
    }
}
