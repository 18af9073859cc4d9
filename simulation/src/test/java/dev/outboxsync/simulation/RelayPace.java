package dev.outboxsync.simulation;

import dev.outboxsync.relay.CycleReport;
import dev.outboxsync.relay.LaneReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a relay does what, by its own clock: it reads the switch, asks the centre, and rests after a failure. */
final class RelayPace {
    private static final Duration SHORTEST_PAUSE = RelayProcess.FIRST_PAUSE.dividedBy(2);
    private static final int DOUBLINGS = 10;

    private final World.MachineClock clock;
    private final String relay;

    private Instant latest;
    private Instant turnedAt;
    private int settings;
    /** When the next heartbeat is due. */
    private Instant heartbeat = Instant.MIN;

    private Instant asked = Instant.MIN;
    private Instant askAgain = Instant.MIN;
    private Instant notBefore = Instant.MIN;
    /** Turns in a row in which something failed, at least. */
    private int failures;
    /** Since when nothing has moved that somebody waits for. */
    private Instant quietSince;
    /** Whether it was quiet for too long before that, in which a cycle may have begun. */
    private boolean late;

    private long published;
    private boolean idle;
    private boolean requested;
    private @Nullable CycleReport lastCycle;

    // of this turn
    private boolean isHeartbeatDue;
    private boolean beaten;
    private boolean failed;
    private boolean begun;
    private boolean wasInCycle;
    private boolean pageLookedFor;
    // of the cycle on its way
    private boolean inCycle;
    private boolean isOver;

    RelayPace(World.MachineClock clock, String relay) {
        this.clock = clock;
        this.relay = relay;
        this.latest = clock.instant();
        this.turnedAt = latest;
        this.quietSince = latest;
    }

    /** A cycle is asked for. */
    void requested() {
        requested = true;
        hasMoved();
        notBefore = Instant.MIN;
    }

    /** The switch may have been turned, or the lease be lost. */
    void heartbeatIsDue() {
        heartbeat = Instant.MIN;
    }

    /** Begins a turn. Answers whether its clock was set back since the last one. */
    boolean turning() {
        Instant now = clock.instant();
        boolean setBack = now.isBefore(latest);
        if (setBack) {
            heartbeat = Instant.MIN;
            notBefore = Instant.MIN;
            askAgain = Instant.MIN;
            hasMoved();
        }
        latest = now;
        turnedAt = now;
        settings = clock.settings();
        isHeartbeatDue = !now.isBefore(heartbeat) || (idle && requested);
        beaten = false;
        failed = false;
        begun = false;
        wasInCycle = inCycle;
        pageLookedFor = false;
        return setBack;
    }

    /** When the turn began. */
    Instant turnedAt() {
        return turnedAt;
    }

    /** Whether its clock was set in the midst of the turn. */
    boolean wasSet() {
        return settings != clock.settings();
    }

    /** The switch is read. */
    void beats() {
        beaten = true;
        begun |= failed;
        idle = false;
        heartbeat = clock.instant().plus(RelayProcess.HEARTBEAT);
    }

    /** @param isAnswered whether the centre has answered, so that there is no hurry */
    void asks(Instant moment, boolean isAnswered) {
        if (isAnswered && moment.isBefore(askAgain) && !moment.isBefore(asked)) {
            throw new Violation("%s asks at %s, and did so at %s".formatted(relay, moment, asked));
        }
        asked = moment;
    }

    void asked(boolean confirmed) {
        askAgain = asked.plus(confirmed ? RelayProcess.HELLO_EVERY : SHORTEST_PAUSE);
    }

    /** A cycle begins, with what is PENDING by then. */
    void begins() {
        if (clock.instant().isBefore(notBefore) && !wasSet()) {
            throw new Violation(
                    "%s begins a cycle at %s, which is too soon behind a failure".formatted(relay, clock.instant()));
        }
        begun = true;
        inCycle = true;
        isOver = false;
        requested = false;
    }

    void looksForAPage() {
        if (isOver) {
            throw new Violation(relay + " goes on with a cycle that has failed");
        }
        pageLookedFor = true;
    }

    /** The centre has answered. */
    void settled() {
        failures = 0;
        hasMoved();
    }

    /** Something has moved that somebody may wait for. */
    void hasMoved() {
        quietSince = clock.instant();
        late = false;
    }

    /** Something has failed, and the cycle on its way with it. */
    void failed() {
        failed = true;
        begun = false;
        isOver = true;
        inCycle = false;
    }

    /**
     * Ends a turn.
     *
     * @param deaf whether it hears no acknowledgements
     * @param isAnswered whether the centre has answered since the relay leads
     * @param mayGoOn whether more may be sent
     * @param waits whether somebody waits for a cycle that has not begun
     */
    @SuppressWarnings("ReferenceEquality")
    void turned(LaneReport report, boolean deaf, boolean isAnswered, boolean mayGoOn, boolean waits) {
        Instant now = clock.instant();
        boolean ended = report.lastCycle() != lastCycle; // another cycle may have the same report
        lastCycle = report.lastCycle();
        if (!failed && isHeartbeatDue && !beaten) {
            throw new Violation(relay + " has not read the switch, and its heartbeat is due");
        }
        if (!failed && !ended && wasInCycle && !deaf && mayGoOn && !pageLookedFor) {
            throw new Violation(relay + " is in a cycle, has room in its window, and looks for no page");
        }
        if (!failed && !ended && wasInCycle && inCycle && deaf) {
            throw new Violation(relay + " is in a cycle, and does not listen");
        }
        if (!wasSet()) {
            demandNextCycle(report.nextCycleAt(), now);
            if (ended && !failed) {
                demandHello(report.lastCycle(), now);
            }
        }
        if (ended && !failed && !isAnswered && report.lastCycle().outcome() == CycleReport.Outcome.DRAINED) {
            throw new Violation(relay + " says that nothing is left to send, and the centre has not answered");
        }
        boolean moved = ended || failed || report.totals().published() != published;
        published = report.totals().published();
        demandAnswer(waits && !moved, now);
        if (ended && report.inFlight() == 0 && (begun || !failed)) {
            failures = 0;
        } else if (failed && !begun) {
            failures++;
        }
        if (failed && !waits && !wasSet()) {
            notBefore = turnedAt.plus(shortestPause());
        }
        heartbeat = failed ? now.plus(RelayProcess.LONGEST_PAUSE) : heartbeat;
        inCycle &= !ended;
        // where one has failed and the next one begun, nobody can tell which has ended
        idle = (failed || ended || idle) && !inCycle && !(failed && begun);
        requested = waits;
        latest = now.isAfter(latest) ? now : latest;
    }

    /** Who has asked for a cycle is answered, unless something moves. */
    private void demandAnswer(boolean isQuiet, Instant now) {
        boolean tooLong = isQuiet && quietSince.plus(RelayProcess.TIMEOUT).isBefore(turnedAt);
        if (tooLong && late && !wasSet()) {
            throw new Violation(
                    "%s lets wait who asked for a cycle, and nothing moves since %s".formatted(relay, quietSince));
        }
        late = isQuiet && !wasSet() && (late || tooLong);
        quietSince = isQuiet && !tooLong && !wasSet() ? quietSince : now;
    }

    /** Pauses double, and may be half as long by chance. */
    private Duration shortestPause() {
        int doublings = Math.min(Math.max(failures - 1, 0), DOUBLINGS);
        Duration doubled = SHORTEST_PAUSE.multipliedBy(1L << doublings);
        Duration longest = RelayProcess.LONGEST_PAUSE.dividedBy(2);
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    private void demandNextCycle(Instant next, Instant now) {
        Duration longest = failed && !begun ? RelayProcess.LONGEST_PAUSE : RelayProcess.CYCLE;
        if (next.isAfter(now.plus(longest))) {
            throw new Violation("%s begins its next cycle at %s, and now it is %s".formatted(relay, next, now));
        }
    }

    /** A cycle of one turn had to ask, unless it was done just before. */
    private void demandHello(CycleReport cycle, Instant now) {
        boolean drained = cycle.outcome() == CycleReport.Outcome.DRAINED
                && !cycle.startedAt().isBefore(turnedAt)
                && !cycle.startedAt().isAfter(now);
        Instant earliest = cycle.startedAt().minus(RelayProcess.HELLO_EVERY);
        if (drained && (!asked.isAfter(earliest) || asked.isAfter(now))) {
            throw new Violation("%s has ended a cycle at %s, and asked at %s".formatted(relay, now, asked));
        }
    }
}
