package dev.outboxsync.simulation;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Site;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.queue.SiteStanding;
import dev.outboxsync.queue.SiteState;
import dev.outboxsync.relay.LaneReport;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import dev.outboxsync.relay.SiteDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Watches one relay between two starts, at its ports: it sends only when it is online, leads and is answered, and settles
 * what it has sent in that epoch and may believe, as long as it leads.
 */
final class RelayWatch {
    /** Of looks at what is overdue. */
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(500);

    private final Oracle oracle;
    private final ShopDatabase shop;
    private final World.MachineClock clock;
    private final String relay;
    private final SiteDatabase database;
    private final WatchedLease lease;
    final RelayFlight flight;
    final RelayBelief belief;
    final RelayPace pace;
    final RelayPage page;

    private boolean online;
    private boolean switchRead;
    private boolean leaseTaken;
    private boolean positioned;
    /** Whether it hears nothing, and has not heard anything since. */
    private boolean deaf = true;
    /** Whether it has begun in this turn to look at what it has read. */
    private boolean looks;
    /** Whether it has found in this turn that the log can be reached, or cannot. */
    private boolean logFound;

    private boolean logMissed;

    private SiteStanding standing;

    RelayWatch(Oracle oracle, ShopDatabase shop, World.MachineClock clock, String relay, SiteDatabase database) {
        this.oracle = oracle;
        this.shop = shop;
        this.clock = clock;
        this.relay = relay;
        this.database = database;
        this.lease = new WatchedLease(database.lease(), this, shop);
        this.flight = new RelayFlight(shop, relay);
        this.belief = new RelayBelief(shop, relay, flight, oracle.records);
        this.pace = new RelayPace(clock, relay);
        this.page = new RelayPage(shop, relay, oracle.records);
    }

    /** The database as the watched relay is to use it. */
    SiteDatabase database() {
        return new SiteDatabase(
                new WatchedQueue(database.queue(), this, oracle, shop), new State(database.state()), lease);
    }

    /** Somebody asks for a cycle. */
    void requested() {
        pace.requested();
    }

    /** The relay is told to read the switch. */
    void switchMayHaveTurned() {
        pace.heartbeatIsDue();
    }

    /** A turn begins. */
    void turning() {
        looks = false;
        logFound = false;
        logMissed = false;
        if (pace.turning()) {
            giveTime();
        }
    }

    /**
     * A turn has ended.
     *
     * @param waits whether somebody waits for a cycle
     */
    void turned(LaneReport report, boolean waits) {
        lookedAtAll();
        flight.demandThatNothingIsLeft();
        flight.demandThatItAwaits(report.inFlight());
        page.demandThatAllIsCounted();
        pace.turned(report, deaf, belief.answered(), belief.answered() && flight.hasRoom(), waits);
        if (pace.wasSet()) {
            flight.awaitUnknown();
        }
    }

    /** It has been stopped, and nothing went wrong in that. */
    void stopped() {
        lease.demandThatItWasReleased();
    }

    @Override
    public String toString() {
        return relay;
    }

    private void giveTime() {
        flight.await(pace.turnedAt().plus(RelayProcess.TIMEOUT));
    }

    /** The lease is taken, or somebody else has it. */
    void leads(LeaseHold hold) {
        leaseTaken = hold != LeaseHold.NONE;
        if (hold == LeaseHold.GAINED) {
            belief.leads();
            flight.forget();
            flight.knowDatabase();
            page.forget();
        }
        if (leaseTaken && deaf) {
            giveTime();
        }
        deaf = !leaseTaken;
    }

    /** Whether it leads still, and looks at what it has read. */
    void looks(boolean stillLeads) {
        looks = stillLeads;
        if (!stillLeads) {
            pace.heartbeatIsDue();
        }
    }

    /** What was read is looked at by now, if it is looked at in this turn. */
    void lookedAtAll() {
        if (looks) {
            belief.lookedAtAll();
        }
    }

    /** Where no time passes within a turn, what is not acknowledged in time is sent again. */
    void demandThatNothingIsOverdue() {
        if (!deaf
                && !logMissed
                && flight.isSure()
                && flight.isOverdue(pace.turnedAt().minus(BETWEEN_CHECKS))) {
            throw new Violation(relay + " still awaits at " + pace.turnedAt() + " what is overdue: " + flight);
        }
    }

    void logIsThere() {
        logFound = true;
        logMissed = false;
    }

    /** The relay finds that the log cannot be reached: the time counts against nothing, if it looked for what is overdue. */
    void logIsAway() {
        logFound = false;
        logMissed = true;
        if (flight.isOverdue(pace.turnedAt().minus(BETWEEN_CHECKS))) {
            giveTime();
        } else if (flight.isOverdue(clock.instant())) {
            flight.awaitUnknown();
        }
    }

    /** A cycle is about to look for what belongs to it. */
    void demandNoObstacle() {
        if (logMissed) {
            throw new Violation(relay + " goes on with a cycle, and has just found that the log is away");
        }
    }

    /** A HELLO is about to be sent. */
    void asking(byte[] hello) {
        belief.asking(hello, standing);
    }

    void asked(boolean confirmed) {
        pace.asked(confirmed);
    }

    /** The place to read from is about to be put at the log's end. */
    void startingAtEnd() {
        if (positioned) {
            throw new Violation(relay + " passes over acknowledgements that it has not read");
        }
    }

    void startedAtEnd() {
        positioned = true;
    }

    /** Acknowledgements are about to be read. */
    void polling() {
        belief.lookedAtAll();
        if (!positioned) {
            throw new Violation(relay + " reads acknowledgements, and has not gone to the log's end");
        }
        if (deaf || !online || !lease.isHeld()) {
            throw new Violation(relay + " reads acknowledgements, and does not know whether it is online and leads");
        }
    }

    /** An acknowledgement was read. */
    void heard(byte[] value) {
        if (oracle.records.acknowledgement(value).site().equals(shop.site)) {
            belief.heard(value);
        }
    }

    /** A call has failed: either database may be another one now. */
    void failed() {
        deaf = true;
        looks = false;
        page.failed();
        belief.failed();
        flight.failed();
        pace.failed();
    }

    /** A page is about to be sent, whatever becomes of it; these are its events. */
    List<ChangeEvent> sending(List<OutgoingChange> changes) {
        demandThatItMayWork("publishes");
        belief.demandThatNoneWentBack();
        demandFreshLease(changes.size());
        return page.sending(changes);
    }

    void demandThatItMayWork(String what) {
        if (!lease.isHeld()) {
            throw new Violation("%s %s and does not lead".formatted(relay, what));
        }
        if (!online) {
            throw new Violation("%s %s, and the switch is off".formatted(relay, what));
        }
    }

    void demandThatTheyAreOverdue(Collection<Long> counted) {
        if (!logFound) {
            throw new Violation(relay + " counts " + counted + " as not acknowledged, and has not looked for the log");
        }
        flight.demandThatTheyAreOverdue(counted, pace.wasSet() ? Instant.MAX : clock.instant());
    }

    /** What is read may take long: the lease is to be extended behind it. */
    void readsAPage() {
        leaseTaken = false;
    }

    /** The switch is read and the lease extended for each page, so that both hold while it is sent. */
    private void demandFreshLease(int size) {
        if (!switchRead || !leaseTaken || size > RelayProcess.PAGE) {
            throw new Violation(
                    "%s sends %d changes, and has read the switch since the last page: %b, taken the lease: %b"
                            .formatted(relay, size, switchRead, leaseTaken));
        }
        switchRead = false;
        leaseTaken = false;
    }

    /** What became of a page. */
    void sent(Publication publication) {
        page.sent(publication);
        flight.published(
                publication.confirmed(),
                publication.unconfirmed(),
                clock.instant().plus(RelayProcess.TIMEOUT));
        if (!publication.unconfirmed().isEmpty()) {
            pace.failed();
        }
    }

    private final class State implements SiteState {
        private final SiteState state;

        State(SiteState state) {
            this.state = state;
        }

        @Override
        public boolean online() {
            lookedAtAll();
            pace.beats();
            online = state.online();
            switchRead = true;
            deaf |= !online;
            return online;
        }

        @Override
        public Site site() {
            return state.site();
        }

        @Override
        public int epoch() {
            if (looks) {
                belief.compares();
            }
            return state.epoch();
        }

        @Override
        public SiteStanding standing() {
            Instant now = clock.instant();
            if (looks) {
                belief.goOn();
            }
            standing = state.standing();
            if (!looks || !belief.judges(standing)) {
                pace.asks(now, belief.answered() && flight.isSure());
            }
            return standing;
        }
    }
}
