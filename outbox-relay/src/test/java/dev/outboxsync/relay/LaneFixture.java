package dev.outboxsync.relay;

import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;

/** A site, its log, a centre and relays, all in memory, on a clock that stands still until it is moved. */
final class LaneFixture {
    static final Duration CYCLE = Duration.ofMinutes(2);
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final Duration HELLO_EVERY = Duration.ofMinutes(1);
    /** Outlasts whatever a test lets pass at once where a lane would have turned meanwhile. */
    static final Duration LEASE = Duration.ofMinutes(5);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    final SettableClock clock = new SettableClock();
    final Faults faults = new Faults();
    final InMemorySite site = new InMemorySite(clock, Duration.ofHours(24), faults);
    final InMemoryLog log = new InMemoryLog(faults);
    final InMemoryCentre centre = new InMemoryCentre(log);
    int pageRows = 3;
    int window = 1_000;
    Duration lease = LEASE;
    PageLimit pageLimit = new PageLimit(1_000_000, 1_000);
    private int relays;

    /** A relay that starts now. It knows nothing of any other one. */
    RelayLane relay() {
        var settings = new LaneSettings(
                pageRows,
                pageLimit,
                window,
                TIMEOUT,
                HELLO_EVERY,
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                LONGEST_PAUSE,
                LaneFixture::nextTick);
        return new RelayLane(
                InMemorySite.NAME,
                site.database("relay-" + ++relays, lease),
                log.link(),
                settings,
                clock,
                new SplittableRandom(7));
    }

    private static Instant nextTick(Instant moment) {
        long seconds = CYCLE.toSeconds();
        return Instant.ofEpochSecond((moment.getEpochSecond() / seconds + 1) * seconds);
    }

    /** The next tick comes, and the lane is turned until its cycle has nothing more to do. */
    void cycle(RelayLane lane) {
        clock.advance(CYCLE);
        turn(lane, 30);
    }

    static void turn(RelayLane lane, int times) {
        for (int i = 0; i < times; i++) {
            lane.turn();
        }
    }

    /** Time goes on, the centre works, the lane turns, until nothing is PENDING; fails after two hours. */
    void untilNothingIsPending(RelayLane lane) {
        for (int i = 0; i < 7_200; i++) {
            if (site.ids(SyncStatus.PENDING).isEmpty()) {
                return;
            }
            lane.turn();
            centre.work();
            clock.advance(Duration.ofSeconds(1));
        }
        Assertions.fail("still PENDING: " + site.ids(SyncStatus.PENDING));
    }

    List<Long> synced() {
        return site.ids(SyncStatus.SYNCED);
    }

    List<Long> pending() {
        return site.ids(SyncStatus.PENDING);
    }
}
