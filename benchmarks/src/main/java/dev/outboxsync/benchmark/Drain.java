package dev.outboxsync.benchmark;

import dev.outboxsync.benchmark.kafka.TopicSize;
import dev.outboxsync.stack.StackPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * How long a backlog takes from "online" until all of it is SYNCED, against the floor. Both run in turn on the same rows and
 * the same empty DB_B; after each, DB_B must equal DB_A. A first round of both only warms them up.
 */
final class Drain {
    private static final String TOPIC = "sync.changes.site-1";
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(15);
    /** Each look is a statement that DB_A's server has to work for. */
    private static final long BETWEEN_LOOKS_MS = 20;

    /** MySQL purges what the reset of a round has left, and the pages that it has made dirty are written. */
    private static final long SETTLING_MS = 3_000;

    private final PrivateStack stack;
    private final Consumer<String> progress;
    private final int rows;
    private final List<Round> rounds = new ArrayList<>();

    Drain(PrivateStack stack, int rows, Consumer<String> progress) {
        this.stack = stack;
        this.rows = rows;
        this.progress = progress;
    }

    /** What one round took. */
    private record Round(double floorSeconds, double seconds, Map<String, Double> cpuSeconds, double bytesPerChange) {
        double timeOverFloor() {
            return seconds / floorSeconds;
        }

        double allCpuSeconds() {
            return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    Report measure(int counted) {
        try (var sides = new Sides(stack.siteDatabase(), stack.centralDatabase())) {
            progress.accept("writing " + rows + " changes to DB_A ...");
            new Backlog().write(sides.siteDatabase().connection(), rows);
            for (int round = 0; round <= counted; round++) {
                Round measured = round(sides);
                progress.accept("%s: floor %.2f s, drain %.2f s, %.1f x the floor, %.0f changes/s"
                        .formatted(
                                round == 0 ? "warming up" : "round " + round,
                                measured.floorSeconds(),
                                measured.seconds(),
                                measured.timeOverFloor(),
                                rows / measured.seconds()));
                if (round > 0) {
                    rounds.add(measured);
                }
            }
        }
        return report();
    }

    private Round round(Sides sides) {
        sides.emptyCentre();
        Pause.of(SETTLING_MS);
        double floorSeconds = new Floor(
                        sides.siteDatabase().connection(),
                        sides.centralDatabase().connection())
                .copy();
        sides.requireEqual("the floor");

        sides.emptyCentre();
        sides.pendAgain();
        Pause.of(SETTLING_MS);
        TopicSize topicBefore = TopicSize.of(stack.bootstrapServers(), TOPIC);
        Map<String, Double> cpuBefore = stack.processes().cpuSeconds();
        double seconds = drain(sides);
        Map<String, Double> cpu = difference(stack.processes().cpuSeconds(), cpuBefore);
        TopicSize topic = TopicSize.of(stack.bootstrapServers(), TOPIC);
        sides.requireAllSynced();
        sides.requireEqual("the drain");
        stack.relay().online(false);
        return new Round(floorSeconds, seconds, cpu, topic.bytesPerRecordSince(topicBefore));
    }

    private double drain(Sides sides) {
        Relay relay = stack.relay();
        long wanted = sides.synced() + rows;
        long begun = System.nanoTime();
        relay.online(true);
        CompletableFuture<Integer> cycle = relay.run();
        while (sides.synced() < wanted) {
            if (System.nanoTime() - begun > LIMIT_NANOS) {
                throw new BenchmarkFailed("The backlog was not drained; see the logs in " + PrivateStack.FOLDER);
            }
            Pause.of(BETWEEN_LOOKS_MS);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        cycle.join();
        return seconds;
    }

    private static Map<String, Double> difference(Map<String, Double> after, Map<String, Double> before) {
        var difference = new LinkedHashMap<String, Double>();
        after.forEach((name, seconds) -> difference.put(name, seconds - before.getOrDefault(name, 0.0)));
        return difference;
    }

    private Report report() {
        double per100k = 100_000.0 / rows;
        var report = new Report();
        report.add("benchmark", "drain");
        report.add("rows", rows);
        report.add("rounds", rounds.size());
        report.add("time_over_floor", figure(Round::timeOverFloor), 2);
        report.add("changes_per_second", figure(round -> rows / round.seconds()), 0);
        report.add("seconds", figure(Round::seconds), 2);
        report.add("floor_seconds", figure(Round::floorSeconds), 2);
        report.add("cpu_seconds_per_100k", figure(round -> round.allCpuSeconds() * per100k), 1);
        var cpu = new LinkedHashMap<String, Double>();
        for (String name : rounds.get(0).cpuSeconds().keySet()) {
            cpu.put(
                    name,
                    figure(round -> round.cpuSeconds().getOrDefault(name, 0.0) * per100k)
                            .median());
        }
        report.add("cpu_seconds_per_100k_by_process", cpu, 1);
        report.add("kafka_bytes_per_change", figure(Round::bytesPerChange), 0);
        var heaps = new LinkedHashMap<String, Double>();
        for (String service : List.of(StackPlan.OUTBOX_RELAY, StackPlan.CENTRAL_CONSUMER)) {
            heaps.put(service, (double) stack.processes().fullestHeap(service));
        }
        report.add("peak_heap_mib", heaps, 0);
        return report;
    }

    private Figure figure(ToDoubleFunction<Round> of) {
        return Figure.of(rounds.stream().map(of::applyAsDouble).toList());
    }
}
