package dev.outboxsync.relay;

import dev.outboxsync.event.Site;
import dev.outboxsync.relay.CycleReport.Outcome;
import dev.outboxsync.relay.LaneReport.Totals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one ordered lane of a site: publishes in cycles, settles acknowledgements between the pages, backs off as a whole.
 * One thread turns and closes it; {@link #requestCycle}, {@link #readSwitchSoon} and {@link #report} are safe from any.
 */
public final class RelayLane {
    private static final Logger LOG = LoggerFactory.getLogger(RelayLane.class);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(500);

    private final Site name;
    private final SiteDatabase site;
    private final Link link;
    private final LaneSettings settings;
    private final Clock clock;
    private final LaneSchedule schedule;
    private final InFlight inFlight;
    private final Greeting greeting;
    private final LaneSession session;
    private final Settling settling;
    private final RelayCycle cycle;
    private final CycleRequests requests = new CycleRequests();

    private Instant lastOverdueCheck = Instant.MIN;
    private long cycles;
    private long published;
    private @Nullable OngoingCycle ongoing;
    private @Nullable CycleReport lastCycle;
    private volatile boolean switchMayHaveTurned;
    private volatile LaneReport report;

    public RelayLane(
            Site name, SiteDatabase site, Link link, LaneSettings settings, Clock clock, RandomGenerator random) {
        this.name = name;
        this.site = site;
        this.link = link;
        this.settings = settings;
        this.clock = clock;
        this.schedule = new LaneSchedule(settings, clock.instant(), random);
        this.inFlight = new InFlight(2 * settings.window());
        this.greeting = new Greeting(name, site, link.publisher(), inFlight, settings, random);
        this.session = new LaneSession(site, link, settings, inFlight, greeting);
        this.settling = new Settling(name, site, inFlight, greeting, clock);
        this.cycle = new RelayCycle(name, site, link.publisher(), inFlight, settings, clock);
        this.report = reportNow();
    }

    /** How the lane stood after its last turn. */
    public LaneReport report() {
        return report;
    }

    /**
     * Asks for a cycle now, whatever the schedule and the back-off say.
     *
     * @return the cycle's report, once Kafka has confirmed what it published; or the failure that ended it
     */
    public CompletableFuture<CycleReport> requestCycle() {
        return requests.add();
    }

    /** No cycle can begin now, for this reason: who has asked for one is told so. */
    void cannotTurn(RuntimeException why) {
        requests.fail(why);
    }

    /** The switch may have been turned: the next turn reads it. */
    public void readSwitchSoon() {
        switchMayHaveTurned = true;
    }

    /**
     * One turn: settle what was acknowledged, publish a page if a cycle is due or on its way. Waits out every failure.
     *
     * @return how long the caller may rest before the next turn
     */
    public Duration turn() {
        try {
            noticeClock(clock.instant());
            if (switchMayHaveTurned) {
                switchMayHaveTurned = false;
                session.checkSoon();
            }
            session.heartbeat(clock.instant());
            boolean settled = session.listening() && settle();
            if (session.listening()) {
                if (!greeting.answered()) {
                    greet(clock.instant());
                }
                resendOverdue(clock.instant());
            }
            advance(clock.instant(), settled);
        } catch (RuntimeException e) {
            suspend(e, clock.instant());
        }
        report = reportNow();
        schedule.passed(clock.instant());
        return session.listening() || ongoing != null ? Duration.ZERO : LONGEST_WAIT;
    }

    /** What was planned by a clock that has been set back since would come late by as much. */
    private void noticeClock(Instant now) {
        if (schedule.wasSetBack(now)) {
            inFlight.await(now.plus(settings.acknowledgementTimeout()));
            if (ongoing != null) {
                ongoing.progressed(now);
            }
            session.checkSoon();
        }
        schedule.passed(now);
    }

    /** Gives the lease up, so that a relay that stands by takes over at once. The lane may be turned no more. */
    public void close() {
        var stopped = new IllegalStateException("the relay is being stopped");
        requests.close(stopped);
        if (ongoing != null) {
            ongoing.fail(stopped);
        }
        session.close();
    }

    private boolean settle() {
        if (!settling.hasUnsettled()) {
            settling.keep(link.acknowledgements().poll(patience()));
        }
        boolean settled = settling.hasUnsettled() && session.stillLeads() && settling.settle();
        if (settled) {
            schedule.succeeded();
            cycle.answered();
        }
        return settled;
    }

    /** How long to wait for an acknowledgement when there is none. */
    private Duration patience() {
        if (ongoing != null) {
            return cycle.windowFull() || !greeting.answered() ? LONGEST_WAIT : Duration.ZERO;
        }
        Duration untilCycle = Duration.between(clock.instant(), schedule.next());
        if (!requests.isEmpty() || untilCycle.isNegative()) {
            return Duration.ZERO;
        }
        return untilCycle.compareTo(LONGEST_WAIT) < 0 ? untilCycle : LONGEST_WAIT;
    }

    /** Asks the centre, where that is due, whether a database went back in time. */
    private void greet(Instant now) {
        if (greeting.isDue(now) && !greeting.ask(now)) {
            Duration pause = schedule.pauseFrom(now);
            greeting.pause(pause);
            LOG.warn("Site {}: Kafka did not confirm the HELLO; next attempt in {} ms", name, pause.toMillis());
        }
    }

    /** What was not acknowledged in time goes out again, and with it all behind it: the lane stays in order. */
    private void resendOverdue(Instant now) {
        boolean wasSetBack = now.isBefore(lastOverdueCheck);
        if (!wasSetBack && now.isBefore(lastOverdueCheck.plus(BETWEEN_CHECKS))) {
            return;
        }
        lastOverdueCheck = now;
        List<Long> overdue = inFlight.overdue(now);
        if (overdue.isEmpty()) {
            return;
        }
        if (!session.connected()) {
            inFlight.await(now.plus(settings.acknowledgementTimeout()));
            if (ongoing != null) {
                end(ongoing, Outcome.UNREACHABLE, now);
            }
            return;
        }
        site.queue().attemptFailed(overdue, "NOT_ACKNOWLEDGED");
        if (ongoing != null) {
            // as long as something is awaited, or its end would pass for a success
            end(ongoing, Outcome.WINDOW_FULL, now);
        }
        inFlight.reset();
        cycle.unanswered();
        Duration pause = schedule.pauseFrom(now);
        LOG.warn(
                "Site {}: {} change(s) from {} on were not acknowledged within {} ms; they are sent again in {} ms",
                name,
                overdue.size(),
                overdue.get(0),
                settings.acknowledgementTimeout().toMillis(),
                pause.toMillis());
    }

    private void advance(Instant now, boolean settled) {
        if (ongoing == null && (!requests.isEmpty() || schedule.isDue(now))) {
            begin(now);
        }
        if (ongoing != null) {
            if (settled) {
                ongoing.progressed(now);
            }
            publishPage(ongoing);
        }
    }

    private void begin(Instant now) {
        Optional<Outcome> obstacle = session.obstacle(now);
        inFlight.forgetRefused();
        var begun = new OngoingCycle(++cycles, now, requests.take());
        ongoing = begun;
        if (obstacle.isPresent()) {
            end(begun, obstacle.get(), clock.instant());
        } else {
            greet(clock.instant());
        }
    }

    private void publishPage(OngoingCycle current) {
        var draft = RelayCycle.Draft.EMPTY;
        // what sends nothing needs no longer lease: the heartbeat extends it, and each write is a flush
        if (!session.listening() || (greeting.answered() && !cycle.windowFull())) {
            draft = cycle.read(current.number(), current.newest(site.queue()::newestPending));
            // behind the reading: a backup that holds this lease holds what is sent under it
            Optional<Outcome> obstacle = session.renew(clock.instant());
            if (obstacle.isPresent()) {
                end(current, obstacle.get(), clock.instant());
                return;
            }
        }
        if (!greeting.allows(draft)) {
            if (current.stalled(clock.instant(), settings.longestSilence())) {
                end(current, Outcome.UNANSWERED, clock.instant());
            }
            return;
        }
        RelayCycle.Page page = cycle.publish(draft, current.number());
        Instant now = clock.instant();
        published += page.confirmed();
        current.published(page.confirmed());
        switch (page.outcome()) {
            case SENT -> current.progressed(now);
            case WINDOW_FULL -> {
                if (current.stalled(now, settings.longestSilence())) {
                    current.answer(current.report(Outcome.WINDOW_FULL, now));
                }
            }
            default -> end(current, page.outcome(), now);
        }
    }

    private void end(OngoingCycle ended, Outcome outcome, Instant now) {
        ongoing = null;
        CycleReport cycleReport = ended.report(outcome, now);
        lastCycle = cycleReport;
        schedule.awaitTick(now);
        if (outcome.isFailure()) {
            String why = session.problem() == null ? outcome.inWords() : session.problem();
            Duration pause = schedule.pauseFrom(now);
            LOG.warn("Site {}: {}; next attempt in {} ms", name, why, pause.toMillis());
        } else if (inFlight.awaited() == 0) {
            schedule.succeeded();
        }
        if (cycleReport.published() > 0) {
            LOG.info(
                    "Site {}: published {} change(s) in {} ms",
                    name,
                    cycleReport.published(),
                    cycleReport.took().toMillis());
        }
        ended.answer(cycleReport);
    }

    private void suspend(RuntimeException failure, Instant now) {
        Duration pause = schedule.pauseFrom(now);
        session.suspend(failure, schedule.next());
        LOG.warn("Site {}: {}; next attempt in {} ms", name, session.problem(), pause.toMillis());
        LOG.debug("Site {}: the failure in full", name, failure);
        if (ongoing != null) {
            ongoing.fail(failure);
            ongoing = null;
        }
        requests.fail(failure);
    }

    private LaneReport reportNow() {
        return new LaneReport(
                session.online(),
                session.leading(),
                inFlight.awaited(),
                lastCycle,
                schedule.next(),
                session.problem(),
                new Totals(published, settling.synced(), settling.failed(), settling.ignored()));
    }
}
