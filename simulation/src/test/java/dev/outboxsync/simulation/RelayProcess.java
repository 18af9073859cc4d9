package dev.outboxsync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.relay.AcknowledgementSource;
import dev.outboxsync.relay.ChangePublisher;
import dev.outboxsync.relay.LaneSettings;
import dev.outboxsync.relay.Link;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import dev.outboxsync.relay.RelayLane;
import dev.outboxsync.relay.SiteDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** A relay: the real lane on the site's database and topics in memory. */
final class RelayProcess extends Actor {
    static final Duration CYCLE = Duration.ofMinutes(2);
    /** Of a payload that the log takes: longer than any with a name that only the centre finds too long. */
    static final int LONGEST = 600;

    static final int PAGE = 2;
    static final int WINDOW = 8;
    static final Duration TIMEOUT = Duration.ofSeconds(60);
    static final Duration HELLO_EVERY = Duration.ofMinutes(1);
    static final Duration HEARTBEAT = Duration.ofSeconds(10);
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** Outlasts a leap of the time, in which a real lane would have turned often. */
    private static final Duration LEASE = Duration.ofSeconds(150);

    final World.MachineClock clock;
    private final World world;
    private final SiteTopics topics;
    private final List<RelayProcess> group;
    private final Oracle oracle;
    private final RelayCalls calls;
    private RelayLane lane;
    private RelayWatch watch;
    private final List<Future<?>> requests = new ArrayList<>();
    private String holder = "";
    private int starts;
    private int longest = LONGEST;
    private int callsLeft;
    private Runnable then = () -> {};

    /** @param group all relays; those of its site stand by for each other */
    RelayProcess(World world, SiteTopics topics, List<RelayProcess> group, Oracle oracle, int number) {
        super("relay " + number + " of " + topics.shop.site);
        this.group = group;
        this.world = world;
        this.topics = topics;
        this.oracle = oracle;
        this.clock = world.new MachineClock();
        this.calls = new RelayCalls(this);
        restart();
    }

    @Override
    void step() {
        if (world.chance(8)) {
            requestCycle();
        }
        if (world.chance(4)) {
            lane.readSwitchSoon();
            watch.switchMayHaveTurned();
        }
        for (int i = world.random.nextInt(1, 6); i > 0; i--) {
            turn();
        }
        if (world.chance(1)) {
            stop();
            restart();
        }
    }

    /** Somebody wants a cycle now. */
    void requestCycle() {
        requests.add(lane.requestCycle());
        watch.requested();
    }

    /** Starts anew, believing that the log takes payloads of this length. */
    void takesForLongest(int payload) {
        longest = payload;
        restart();
    }

    /** At this call from now on, before it is made, that happens. */
    void atCall(int number, Runnable what) {
        callsLeft = number;
        then = what;
    }

    /** Goes one turn. */
    void turn() {
        watch.turning();
        var unused = lane.turn();
        watch.turned(lane.report(), !requests.stream().allMatch(Future::isDone));
        if (!world.isTroubled()) {
            watch.demandThatNothingIsOverdue();
        }
    }

    private void stop() {
        try {
            lane.close();
            watch.stopped();
        } catch (DataAccessException away) {
            // the lease ends by itself
        }
        demandAnswers();
    }

    /** How it stands. */
    @Override
    public String toString() {
        return name + " at " + clock.instant() + ": " + lane.report();
    }

    /** Turns until there is nothing to do for the moment. */
    void settle() {
        for (int i = 0; i < 6; i++) {
            turn();
        }
    }

    /** Whoever has asked for a cycle knows by now what became of it. */
    void demandAnswers() {
        if (!requests.stream().allMatch(Future::isDone)) {
            throw new Violation(name + " has not answered who asked for a cycle");
        }
    }

    /** Whether it was the last to gain the lease of this site. */
    boolean leads(SiteTopics site) {
        return serves(site) && site.shop.queue.isLedBy(holder);
    }

    boolean serves(SiteTopics site) {
        return topics == site;
    }

    /** Its lease ends. */
    @Override
    void heldUp() {
        world.pass(LEASE.plusSeconds(1));
    }

    @Override
    List<RelayProcess> rivals() {
        return group.stream()
                .filter(other -> other != this && other.topics == topics)
                .toList();
    }

    @Override
    void restart() {
        requests.clear();
        var settings = new LaneSettings(
                PAGE,
                new PageLimit(1_000_000, longest),
                WINDOW,
                TIMEOUT,
                HELLO_EVERY,
                HEARTBEAT,
                FIRST_PAUSE,
                LONGEST_PAUSE,
                RelayProcess::nextTick);
        holder = name + "/" + ++starts;
        SiteDatabase database = topics.shop.queue.database(holder, LEASE, calls);
        watch = new RelayWatch(oracle, topics.shop, clock, holder, database);
        lane = new RelayLane(
                topics.shop.site,
                watch.database(),
                new Link(this::problem, new Changes(), new Acknowledgements()),
                settings,
                clock,
                world.random);
    }

    private static Instant nextTick(Instant moment) {
        long seconds = CYCLE.toSeconds();
        return Instant.ofEpochSecond((moment.getEpochSecond() / seconds + 1) * seconds);
    }

    /** A call of a port by the lane, which trusts nothing any more once one has failed. */
    <T> T call(Supplier<T> work) {
        try {
            if (--callsLeft == 0) {
                then.run();
            }
            return world.call(this, work);
        } catch (DataAccessException e) {
            watch.failed();
            throw e;
        }
    }

    private Optional<String> problem() {
        Optional<String> problem =
                call(() -> topics.reachable ? Optional.empty() : Optional.of("Kafka cannot be reached"));
        problem.ifPresentOrElse(any -> watch.logIsAway(), watch::logIsThere);
        return problem;
    }

    private final class Changes implements ChangePublisher {
        @Override
        public Publication publish(List<OutgoingChange> page) {
            Publication publication = call(() -> sendWhatFits(page, watch.sending(page)));
            watch.sent(publication);
            if (world.somethingGoesWrong() && world.chance(15)) {
                topics.cutOff(world.chance(50));
            }
            return publication;
        }

        /** No log takes what is too large; what a relay knows of its limits keeps it from trying. */
        private Publication sendWhatFits(List<OutgoingChange> page, List<ChangeEvent> events) {
            List<Long> tooLarge = longest == LONGEST
                    ? List.of()
                    : events.stream()
                            .filter(event -> event.row().json().length() > LONGEST)
                            .map(event -> event.version().sequence())
                            .toList();
            if (tooLarge.isEmpty()) {
                return send(page, events);
            }
            List<ChangeEvent> fitting = events.stream()
                    .filter(event -> !tooLarge.contains(event.version().sequence()))
                    .toList();
            List<OutgoingChange> rest = page.stream()
                    .filter(change -> !tooLarge.contains(change.sequence()))
                    .toList();
            Publication sent =
                    rest.isEmpty() ? new Publication(List.of(), List.of(), List.of(), null) : send(rest, fitting);
            return new Publication(sent.confirmed(), tooLarge, sent.unconfirmed(), sent.failure());
        }

        /** All are confirmed; or some, and of the others some are in the log all the same. */
        private Publication send(List<OutgoingChange> page, List<ChangeEvent> events) {
            int confirmed = goesWell() ? page.size() : world.random.nextInt(page.size());
            int stored = confirmed == page.size() ? confirmed : world.random.nextInt(confirmed, page.size() + 1);
            for (int i = 0; i < stored; i++) {
                OutgoingChange change = page.get(i);
                oracle.sent(events.get(i));
                if (topics.shop.queue.isLedBy(holder) && watch.page.isOfNow()) {
                    oracle.published(topics.shop, events.get(i));
                }
                topics.changes.append(change.value());
                world.tell(() -> "%s sends %d".formatted(name, change.sequence()));
            }
            List<Long> sequences = page.stream().map(OutgoingChange::sequence).toList();
            return new Publication(
                    sequences.subList(0, confirmed),
                    List.of(),
                    sequences.subList(confirmed, sequences.size()),
                    confirmed == page.size() ? null : "TimeoutException");
        }

        @Override
        public boolean greet(byte[] hello) {
            watch.asking(hello);
            boolean isConfirmed = call(() -> {
                boolean confirmed = goesWell();
                if (confirmed || world.chance(50)) {
                    topics.changes.append(hello);
                    world.tell(() -> "%s sends %s".formatted(name, new String(hello, UTF_8)));
                }
                return confirmed;
            });
            watch.asked(isConfirmed);
            return isConfirmed;
        }

        private boolean goesWell() {
            return topics.reachable && !world.somethingGoesWrong();
        }
    }

    private final class Acknowledgements implements AcknowledgementSource {
        private long position;

        @Override
        public void startAtEnd() {
            watch.startingAtEnd();
            call(() -> position = topics.acknowledgements.end());
            watch.startedAtEnd();
        }

        @Override
        public List<Received> poll(Duration atMost) {
            watch.polling();
            return call(this::read);
        }

        private List<Received> read() {
            var received = new ArrayList<Received>();
            if (topics.reachable) {
                position = topics.acknowledgements.placeFor(position);
                for (; position < topics.acknowledgements.end() && received.size() < 5; position++) {
                    received.add(new Received(position, topics.acknowledgements.at(position)));
                    watch.heard(topics.acknowledgements.at(position));
                }
            }
            return received;
        }
    }
}
