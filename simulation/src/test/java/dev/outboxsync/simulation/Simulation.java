package dev.outboxsync.simulation;

import dev.outboxsync.central.SimulatedCentralDatabase;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Two sites with two relays each, two centres, one DB_B: in trouble for a while, then healed. The cores of relay and
 * centre are the real ones; everything around them is in memory and driven by one random sequence.
 */
public final class Simulation {
    /** How long the trouble lasts. */
    private static final int STEPS = 1_000;

    private static final int MOST_CYCLES = 60;
    private static final int MOST_TURNS = 200;
    /** Of a person who cures what was refused. */
    private static final int RETRIES = 4;

    final List<SiteTopics> sites = new ArrayList<>();
    final List<RelayProcess> relays = new ArrayList<>();
    final List<CentreProcess> centres = new ArrayList<>();
    final SimulatedCentralDatabase central = new SimulatedCentralDatabase();
    final Oracle oracle;
    private final World world;
    private final Weather weather;
    final List<Writers> writers = new ArrayList<>();
    final List<ResyncWorker> resyncs = new ArrayList<>();

    private Simulation(World world) {
        this.world = world;
        List<ShopDatabase> shops = List.of(new ShopDatabase(world, 1), new ShopDatabase(world, 2));
        oracle = new Oracle(central, shops);
        shops.forEach(shop -> sites.add(new SiteTopics(shop)));
        for (int number = 1; number <= 2; number++) {
            centres.add(new CentreProcess(world, sites, centres, central, oracle));
            for (SiteTopics site : sites) {
                relays.add(new RelayProcess(world, site, relays, oracle, number));
            }
        }
        weather = new Weather(this, world);
        for (SiteTopics site : sites) {
            writers.add(new Writers(world, site.shop));
            resyncs.add(new ResyncWorker(world, site.shop));
            site.reader = centres.get(world.random.nextInt(2));
        }
        writers.forEach(actor -> world.add(actor, 9));
        relays.forEach(actor -> world.add(actor, 5));
        centres.forEach(actor -> world.add(actor, 8));
        resyncs.forEach(actor -> world.add(actor, 2));
        world.add(weather, 5);
        world.add(new Time(world), 4);
    }

    /** What became of a seed. */
    public record Result(String violation, String story, long fingerprint) {}

    /**
     * Runs one seed.
     *
     * @param tracing whether the story is told
     */
    public static Result run(long seed, boolean tracing) {
        var world = new World(seed, tracing);
        String violation = null;
        try {
            var simulation = new Simulation(world);
            simulation.trouble();
            simulation.heal();
        } catch (Violation broken) {
            violation = broken.getMessage();
        }
        return new Result(violation, world.story(), world.random.nextLong());
    }

    /** Runs one seed; answers how the promise was broken, or null. */
    public static String violationOf(long seed) {
        return run(seed, false).violation();
    }

    private void trouble() {
        for (int i = 0; i < STEPS; i++) {
            world.step();
            oracle.epochsHaveReasons();
        }
    }

    private void heal() {
        world.heal();
        weather.clear();
        writers.forEach(Writers::finish);
        world.tell(() -> "all is well from now on");
        cycles(1);
        weather.loseSomeAcknowledgements();
        writers.forEach(Writers::goOn);
        cycles(2);
        writers.forEach(Writers::goOn);
        cycles(1);
        weather.afterwards();
        // a site that is closed by then sends nothing more, and notices all the same
        List<Writers> open = writers.stream().filter(any -> world.chance(50)).toList();
        for (int i = 0; i < 4; i++) {
            cycles(1);
            open.forEach(Writers::goOn);
        }
        cycles(1);
        until(this::isResynced);
        cycles(2);
        sites.forEach(this::demandThatSyncedIsThere);
        sites.forEach(site -> oracle.demandThatVersionsAreKnown(site.shop));
        relays.forEach(RelayProcess::demandAnswers);
        letAPersonDecide();
        until(this::isAllDone);
        sites.forEach(this::demandEqual);
        nothingHappensAnyMore();
        new LastDay(this, world, weather).pass();
    }

    /** What only a person decides: what the centre can never take, and rows that only DB_B has. */
    private void letAPersonDecide() {
        writers.forEach(Writers::cure);
        cycles(2);
        for (SiteTopics site : sites) {
            site.shop.personDecided = true;
            if (site.shop.restores > 0) {
                site.shop.planResyncAndDelete();
            }
        }
        until(this::isResynced);
        cycles(4);
        for (int i = 0; i < RETRIES && !isAllCured(); i++) {
            boolean all = i % 2 == 0;
            retry(all ? Simulation::failed : Simulation::newestFailed);
        }
        if (!isAllDone() || !isAllCured()) {
            writers.forEach(Writers::giveOtherEmails);
            cycles(4);
            // a user whose orders only these have moved away may have failed with them under way
            retry(Simulation::failed);
        }
    }

    private void retry(Function<SiteTopics, ? extends Collection<InMemorySite.Row>> which) {
        sites.forEach(site -> which.apply(site).forEach(row -> site.shop.queue.retry(row.change.id())));
        cycles(2);
    }

    private boolean isAllCured() {
        return sites.stream().allMatch(site -> failed(site).stream().allMatch(site.shop.queue::isOvertaken));
    }

    /** Whatever comes again, nothing changes, and no epoch begins. */
    private void nothingHappensAnyMore() {
        List<Integer> epochs = sites.stream().map(site -> site.shop.queue.epoch).toList();
        weather.deliverAllAgain();
        cycles(3);
        until(this::isAllDone);
        sites.forEach(this::demandEqual);
        sites.forEach(Simulation::demandThatAllIsCommitted);
        if (!epochs.equals(sites.stream().map(site -> site.shop.queue.epoch).toList())) {
            throw new Violation("an epoch began, and no database went back");
        }
    }

    /** Where the last change of a record is SYNCED, both sides have the same. */
    private void demandThatSyncedIsThere(SiteTopics site) {
        var last = new HashMap<String, InMemorySite.Row>();
        site.shop.queue.rows().values().forEach(row -> last.put(row.change.table() + "/" + row.change.recordId(), row));
        Map<String, Map<String, String>> there = central.now().content();
        site.shop.content().forEach((record, row) -> {
            if (last.get(record).status == SyncStatus.SYNCED && !row.equals(there.get(record))) {
                throw new Violation("%s: %s is SYNCED as %s, and at the centre %s"
                        .formatted(site.shop.site, record, row, there.get(record)));
            }
        });
    }

    void until(BooleanSupplier done) {
        for (int cycle = 0; cycle < MOST_CYCLES; cycle++) {
            if (done.getAsBoolean()) {
                return;
            }
            cycles(1);
        }
        relays.forEach(relay -> world.tell(relay::toString));
        throw new Violation("not done after %d cycles: %s".formatted(MOST_CYCLES, whatIsLeft()));
    }

    void cycles(int count) {
        for (int i = 0; i < count; i++) {
            world.pass(RelayProcess.CYCLE);
            for (int pause = 0; pause < 4; pause++) {
                goOnUntilNothingMoves();
                resyncs.forEach(Actor::move);
                world.pass(Duration.ofMillis(600));
                oracle.epochsHaveReasons();
            }
        }
    }

    private void goOnUntilNothingMoves() {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            long before = done();
            relays.forEach(RelayProcess::settle);
            centres.forEach(Actor::move);
            if (before == done()) {
                return;
            }
        }
        throw new Violation("no rest: the same is sent again and again, and no time passes");
    }

    /** Grows with whatever is sent or settled. */
    private long done() {
        return sites.stream()
                .mapToLong(site -> site.changes.end() + site.acknowledgements.end() + site.shop.queue.synced)
                .sum();
    }

    boolean isAllDone() {
        return sites.stream()
                        .allMatch(
                                site -> site.shop.queue.ids(SyncStatus.PENDING).isEmpty())
                && isResynced();
    }

    boolean isResynced() {
        return sites.stream().allMatch(site -> site.shop.queue.due == null && site.shop.resync == null);
    }

    private String whatIsLeft() {
        var left = new TreeMap<String, String>();
        for (SiteTopics site : sites) {
            left.put(site.shop.site + " resync", site.shop.queue.due + " " + site.shop.resync);
            site.shop.queue.ids(SyncStatus.PENDING).stream()
                    .limit(5)
                    .forEach(id -> left.put(site.shop.site + " " + id, site.shop.queue.row(id).lastError));
        }
        return left.toString();
    }

    private static List<InMemorySite.Row> failed(SiteTopics site) {
        return site.shop.queue.ids(SyncStatus.FAILED).stream()
                .map(site.shop.queue::row)
                .toList();
    }

    /** The newest of each record: two that exchanged a value are sent together then, however many are FAILED. */
    private static Collection<InMemorySite.Row> newestFailed(SiteTopics site) {
        var newest = new TreeMap<String, InMemorySite.Row>();
        failed(site).forEach(row -> newest.put(row.change.table() + "/" + row.change.recordId(), row));
        return newest.values();
    }

    private void demandEqual(SiteTopics site) {
        Map<String, Map<String, String>> there = new HashMap<>(central.now().content());
        there.keySet().removeIf(record -> !site.shop.owns(record));
        Map<String, Map<String, String>> here = new HashMap<>(site.shop.content());
        for (InMemorySite.Row row : failed(site)) {
            if (!site.shop.queue.isOvertaken(row)) {
                throw new Violation("%s: %d is FAILED: %s".formatted(site.shop.site, row.change.id(), row.lastError));
            }
        }
        here.forEach((record, row) -> {
            if (!row.equals(there.get(record))) {
                throw new Violation(
                        "%s: %s is %s, and at the centre %s".formatted(site.shop.site, record, row, there.get(record)));
            }
        });
        if (!here.keySet().equals(there.keySet())) {
            there.keySet().removeAll(here.keySet());
            throw new Violation("%s: only the centre has %s".formatted(site.shop.site, there.keySet()));
        }
        demandTrueTotals(site.shop.queue);
    }

    private static void demandThatAllIsCommitted(SiteTopics site) {
        if (!Objects.equals(site.committed, site.changes.end())) {
            throw new Violation("%s: all is done up to offset %d, and what is committed is %d"
                    .formatted(site.shop.site, site.changes.end(), site.committed));
        }
    }

    private static void demandTrueTotals(InMemorySite queue) {
        int synced = queue.ids(SyncStatus.SYNCED).size();
        int failed = queue.ids(SyncStatus.FAILED).size();
        if (queue.synced != synced || queue.failed != failed) {
            throw new Violation("totals say %d SYNCED and %d FAILED, and there are %d and %d"
                    .formatted(queue.synced, queue.failed, synced, failed));
        }
    }

    /** Goes on by leaps. */
    private static final class Time extends Actor {
        private static final List<Duration> LEAPS = List.of(
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(12),
                Duration.ofSeconds(35),
                Duration.ofMinutes(2),
                Duration.ofMinutes(2));
        private final World world;

        Time(World world) {
            super("time");
            this.world = world;
        }

        @Override
        void step() {
            world.pass(LEAPS.get(world.random.nextInt(LEAPS.size())));
        }
    }
}
