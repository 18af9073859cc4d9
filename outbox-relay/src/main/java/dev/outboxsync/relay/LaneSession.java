package dev.outboxsync.relay;

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
    private boolean online;
    private boolean leading;
    private boolean positioned;
    private Instant nextHeartbeat = Instant.MIN;
    private @Nullable String problem;

    LaneSession(SiteDatabase site, Link link, LaneSettings settings, InFlight inFlight) {
        this.site = site;
        this.link = link;
        this.settings = settings;
        this.inFlight = inFlight;
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
        return problem;
    }

    /** Reads the switch and extends the lease, where it is time to. */
    void heartbeat(Instant now) {
        if (now.isBefore(nextHeartbeat)) {
            return;
        }
        boolean listened = listening();
        online = site.state().online();
        leading = online && site.lease().acquire();
        nextHeartbeat = now.plus(settings.heartbeat());
        problem = null;
        if (listening() && !listened) {
            inFlight.await(now.plus(settings.acknowledgementTimeout()));
        }
    }

    /** The next heartbeat is due at once. */
    void checkSoon() {
        nextHeartbeat = Instant.MIN;
    }

    /** Online? Leading? Connected? What stands in the way of a cycle. */
    Optional<Outcome> obstacle(Instant now) {
        checkSoon();
        heartbeat(now);
        if (!online) {
            return Optional.of(Outcome.OFFLINE);
        }
        if (!leading) {
            return Optional.of(Outcome.STANDING_BY);
        }
        if (!connected()) {
            return Optional.of(Outcome.UNREACHABLE);
        }
        if (!positioned) {
            link.acknowledgements().startAtEnd();
            positioned = true;
        }
        return Optional.empty();
    }

    /** Asks the log's side. Takes seconds when it cannot be reached. */
    boolean connected() {
        problem = link.connectivity().problem().orElse(null);
        return problem == null;
    }

    /** DB_A or the log failed: nothing is known any longer until the next heartbeat. */
    void suspend(String reason, Instant until) {
        leading = false;
        nextHeartbeat = until;
        problem = reason;
    }

    /** Gives the lease up. */
    void close() {
        if (leading) {
            leading = false;
            site.lease().release();
        }
    }
}
