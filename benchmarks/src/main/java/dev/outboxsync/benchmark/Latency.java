package dev.outboxsync.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * How long a single change takes from its commit until it is in DB_B, and until its row says SYNCED, while the relay polls
 * ten times a second. The polls are asked for over REST, for SYNC_CRON counts in whole seconds.
 */
final class Latency {
    private static final long POLL_MS = 100;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int WARM_UP = 50;
    private static final String INSERT =
            "INSERT INTO users (id, name, email) VALUES (%1$d, 'Ann', 'ann-%1$d@example.org')";
    private static final String AT_CENTRE = "SELECT COUNT(*) FROM users WHERE id = %d";
    private static final String SYNCED =
            "SELECT COUNT(*) FROM sync_queue WHERE table_name = 'users' AND record_id = '%d' AND sync_status = 'SYNCED'";

    private final PrivateStack stack;
    private final Consumer<String> progress;
    private final Random random = new Random(1);
    private final List<Double> atCentre = new ArrayList<>();
    private final List<Double> synced = new ArrayList<>();

    Latency(PrivateStack stack, Consumer<String> progress) {
        this.stack = stack;
        this.progress = progress;
    }

    Report measure(int changes) {
        var over = new AtomicBoolean();
        try (Sql siteDatabase = stack.siteDatabase();
                Sql centralDatabase = stack.centralDatabase()) {
            stack.relay().online(true);
            var polls = CompletableFuture.runAsync(() -> poll(over));
            progress.accept("writing " + changes + " single changes ...");
            for (int id = 1; id <= WARM_UP + changes; id++) {
                change(id, siteDatabase, centralDatabase);
            }
            over.set(true);
            polls.join();
        } finally {
            over.set(true);
        }
        return report(changes);
    }

    private void poll(AtomicBoolean over) {
        Relay relay = stack.relay();
        while (!over.get()) {
            long begun = System.nanoTime();
            relay.run().join();
            long tookMs = (System.nanoTime() - begun) / 1_000_000;
            Pause.of(Math.max(0, POLL_MS - tookMs));
        }
    }

    /** At any moment between two polls. */
    private void change(int id, Sql siteDatabase, Sql centralDatabase) {
        Pause.of(random.nextLong(POLL_MS));
        siteDatabase.run(INSERT.formatted(id));
        long committed = System.nanoTime();
        double inCentre = msUntil(centralDatabase, AT_CENTRE.formatted(id), committed);
        double settled = msUntil(siteDatabase, SYNCED.formatted(id), committed);
        if (id > WARM_UP) {
            atCentre.add(inCentre);
            synced.add(settled);
        }
    }

    private static double msUntil(Sql database, String query, long since) {
        while (database.number(query) == 0) {
            if (System.nanoTime() - since > LIMIT_NANOS) {
                throw new BenchmarkFailed("A change did not arrive; see the logs in " + PrivateStack.FOLDER);
            }
            Pause.of(1);
        }
        return (System.nanoTime() - since) / 1e6;
    }

    private Report report(int changes) {
        var report = new Report();
        report.add("benchmark", "latency");
        report.add("changes", changes);
        report.add("poll_ms", POLL_MS);
        report.add("in_db_b_ms_median", Figure.percentile(atCentre, 50), 1);
        report.add("in_db_b_ms_p99", Figure.percentile(atCentre, 99), 1);
        report.add("synced_ms_median", Figure.percentile(synced, 50), 1);
        report.add("synced_ms_p99", Figure.percentile(synced, 99), 1);
        return report;
    }
}
