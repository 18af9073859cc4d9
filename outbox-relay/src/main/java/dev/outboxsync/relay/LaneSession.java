package dev.outboxsync.relay;

import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.relay.CycleReport.Outcome;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the lane may work: the switch is on, this relay leads, the log can be reached. Offline, acknowledgements are not
 * read either, and the time offline counts against no change.
 */
final class LaneSession {
    private final SiteDatabase site;
    private final Link link;
    private final LaneSettings settings;
    private final InFlight inFlight;
    private final Greeting greeting;
    private boolean online;
    private boolean leading;
    private boolean holding;
    private boolean positioned;
    private Instant nextHeartbeat = Instant.MIN;
    private @Nullable String failure = "the relay has only just started";
    private @Nullable String linkProblem;

    LaneSession(SiteDatabase site, Link link, LaneSettings settings, InFlight inFlight, Greeting greeting) {
        this.site = site;
        this.link = link;
        this.settings = settings;
        this.inFlight = inFlight;
        this.greeting = greeting;
    }

    boolean online() {
        return online;
    }

    boolean leading() {
        return leading;
    }

    /** Whether acknowledgements are read. */
    boolean listening() {
        return online && leading && positioned;
    }

    /** What keeps the lane from working, in words for a person. */
    @Nullable
    String problem() {
        return failure == null ? linkProblem : failure;
    }

    /** Reads the switch and extends the lease, where it is time to; a leader looks for the log before its first cycle. */
    void heartbeat(Instant now) {
        if (!now.isBefore(nextHeartbeat) && renew(now).isEmpty() && !positioned) {
            connect(now);
        }
    }

    /** The next heartbeat is due at once. */
    void checkSoon() {
        nextHeartbeat = Instant.MIN;
    }

    /** What stands in the way of a cycle. Online? Leading? Connected? */
    Optional<Outcome> obstacle(Instant now) {
        return renew(now).or(() -> connect(now) ? Optional.empty() : Optional.of(Outcome.UNREACHABLE));
    }

    /** What stands in the way of a page. Extends the lease, so that it outlives the sending of the page. */
    Optional<Outcome> renew(Instant now) {
        boolean listened = listening();
        online = site.state().online();
        holding = online ? acquired() : holding;
        leading = online && holding;
        nextHeartbeat = now.plus(settings.heartbeat());
        failure = null;
        linkProblem = leading ? linkProblem : null;
        if (listening() && !listened) {
            inFlight.await(now.plus(settings.acknowledgementTimeout()));
        }
        if (!online) {
            return Optional.of(Outcome.OFFLINE);
        }
        return leading ? Optional.empty() : Optional.of(Outcome.STANDING_BY);
    }

    /** Whoever gains the lease knows nothing of what was sent, nor whether the database is the one that it knew. */
    private boolean acquired() {
        LeaseHold hold = site.lease().acquire();
        if (hold == LeaseHold.GAINED) {
            inFlight.forget();
            greeting.startOver();
        }
        return hold != LeaseHold.NONE;
    }

    /** Whether this relay leads still, in the database that it knows: asked before anything is settled. */
    boolean stillLeads() {
        boolean stands = site.lease().stands();
        if (!stands) {
            checkSoon();
        }
        return stands;
    }

    private boolean connect(Instant now) {
        if (!connected()) {
            return false;
        }
        if (!positioned) {
            link.acknowledgements().startAtEnd();
            positioned = true;
            inFlight.await(now.plus(settings.acknowledgementTimeout()));
        }
        return true;
    }

    /** Asks the log's side. Takes seconds when it cannot be reached. */
    boolean connected() {
        linkProblem = link.connectivity().problem().orElse(null);
        return linkProblem == null;
    }

    /** DB_A or the log failed: nothing is known any longer until the next heartbeat. */
    void suspend(RuntimeException why, Instant until) {
        leading = false;
        greeting.startOver();
        nextHeartbeat = until;
        failure = inWords(why);
    }

    /** Without MySQL's own message, which would hold values. */
    private static String inWords(RuntimeException failure) {
        int code = MySqlFailure.of(failure).code();
        if (code != 0) {
            return "DB_A answers with MySQL error " + code;
        }
        return MySqlFailure.isSilence(failure)
                ? "DB_A does not answer: it is away, or DB_A_URL is wrong"
                : "the relay could not go on: " + failure.getClass().getSimpleName();
    }

    /** Gives the lease up, if this relay may have it. */
    void close() {
        leading = false;
        if (holding) {
            site.lease().release();
        }
    }
}
