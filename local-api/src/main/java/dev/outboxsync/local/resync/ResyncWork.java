package dev.outboxsync.local.resync;

import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.local.start.SiteDatabase;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.ResyncReport;
import dev.outboxsync.queue.Resyncs;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;

/**
 * Does the resyncs that are asked for, chunk by chunk, in a thread of its own; goes on after a restart where it stood.
 * The admin's connections are open only while there is something to do.
 */
@Component
class ResyncWork implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ResyncWork.class);

    private final SiteDatabase database;
    private final LocalApiProperties properties;
    private final ResyncReport looking;
    private final Semaphore woken = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private int lastError = -1;

    /** @param looking as the service's own user */
    ResyncWork(SiteDatabase database, LocalApiProperties properties, ResyncReport looking) {
        this.database = database;
        this.properties = properties;
        this.looking = looking;
    }

    static Resyncs resyncs(AdminDatabase admin) {
        return new Resyncs(admin.jdbc(), new Transactions(new JdbcTransactionManager(admin.dataSource())));
    }

    /** Looks for work at once. */
    void wake() {
        woken.release();
    }

    @Override
    public void start() {
        if (database.hasAdmin()) {
            var working = new Thread(this::run, "resync");
            working.setDaemon(true);
            thread = working;
            working.start();
        }
    }

    @Override
    public void stop() {
        Thread working = thread;
        thread = null;
        if (working != null) {
            working.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        try {
            while (isRunning()) {
                work();
                if (woken.tryAcquire(properties.checkEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                    woken.drainPermits();
                }
            }
        } catch (InterruptedException stopped) {
            LOG.debug("Stopped");
        }
    }

    private void work() {
        try {
            if (database.isPrepared() && looking.hasWork()) {
                try (AdminDatabase admin = database.admin()) {
                    work(resyncs(admin));
                }
                lastError = -1;
            }
        } catch (RuntimeException e) {
            tell(MySqlFailure.of(e));
        }
    }

    /** Once for each kind of failure: DB_A may be away for days. */
    private void tell(MySqlFailure failure) {
        if (failure.code() != lastError && database.isPrepared()) {
            lastError = failure.code();
            LOG.warn(
                    "Site {}: a resync waits, for DB_A cannot be used as its admin now ({}). It goes on by itself",
                    properties.site(),
                    failure.inWords());
        }
    }

    private void work(Resyncs resyncs) {
        LOG.info("Site {}: a resync goes on", properties.site());
        resyncs.requestDue(database.capturedTables());
        while (isRunning() && resyncs.goOn(properties.resyncRows())) {
            // the next piece
        }
        LOG.info("Site {}: the resync has queued all that it can for now", properties.site());
    }
}
