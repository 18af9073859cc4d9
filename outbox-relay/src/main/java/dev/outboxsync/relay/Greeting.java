package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloJson;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import dev.outboxsync.queue.SiteStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the centre what it remembers of the site, and begins an epoch when the answer shows that a database went back in
 * time. Until the first answer nothing is published, for a new change might be taken for an old one. Not safe for use by
 * many threads.
 */
final class Greeting {
    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

    private final Site name;
    private final SiteDatabase site;
    private final ChangePublisher publisher;
    private final InFlight inFlight;
    private final LaneSettings settings;
    private final RandomGenerator random;
    private boolean answered;
    private int answeredIn;
    private AcknowledgementId last = AcknowledgementId.NONE;
    private @Nullable String outstanding;
    private SiteStanding askedAt = new SiteStanding(0, AcknowledgementId.NONE);
    private @Nullable Instant asked;
    private @Nullable Duration pause;

    Greeting(
            Site name,
            SiteDatabase site,
            ChangePublisher publisher,
            InFlight inFlight,
            LaneSettings settings,
            RandomGenerator random) {
        this.name = name;
        this.site = site;
        this.publisher = publisher;
        this.inFlight = inFlight;
        this.settings = settings;
        this.random = random;
    }

    /** Whether both databases are known to be of one history, so that changes may be published. */
    boolean answered() {
        return answered;
    }

    /**
     * Whether this page may be published. One of another epoch than the centre has answered for shows that DB_A was restored
     * since, though its lease does not, and the centre is asked anew.
     */
    boolean allows(RelayCycle.Draft page) {
        if (answered && !page.changes().isEmpty() && page.epoch() != answeredIn) {
            inFlight.forget();
            startOver();
        }
        return answered;
    }

    /** Either database may be another one than before: ask anew, and at once. */
    void startOver() {
        answered = false;
        outstanding = null;
        asked = null;
        pause = null;
    }

    /** Whether it is time to ask. A clock that was set back makes it so too, or it would be silent for as long. */
    boolean isDue(Instant now) {
        return asked == null || now.isBefore(asked) || !now.isBefore(asked.plus(untilNext()));
    }

    private Duration untilNext() {
        if (pause != null) {
            return pause;
        }
        return answered ? settings.helloEvery() : settings.acknowledgementTimeout();
    }

    /**
     * Asks. The answer comes as part of an acknowledgement.
     *
     * @return false when the log has not confirmed the HELLO: ask again after a {@link #pause}
     */
    boolean ask(Instant now) {
        SiteStanding standing = site.state().standing();
        String token = HexFormat.of().toHexDigits(random.nextLong());
        outstanding = token;
        askedAt = standing;
        asked = now;
        pause = null;
        return publisher.greet(HelloJson.write(new Hello(name, standing.epoch(), token, standing.seen())));
    }

    /** Makes the next HELLO wait so long after the last one. */
    void pause(Duration length) {
        pause = length;
    }

    /**
     * Whether an acknowledgement is of the history that the centre has answered for: the first answer itself, or the next
     * one after the last, be it an answer or not. Any other may be of a DB_B that was restored meanwhile: the centre is asked
     * anew, and what was sent is sent again. One without a mark is believed.
     */
    boolean believes(Acknowledgement acknowledgement) {
        HelloAnswer answer = acknowledgement.answer();
        if (answer != null && answer.token().equals(outstanding)) {
            return judge(acknowledgement, answer);
        }
        if (!answered || acknowledgement.id().mark().isEmpty()) {
            return answered;
        }
        if (!followsLast(acknowledgement)) {
            disbelieve(acknowledgement);
            return false;
        }
        last = acknowledgement.id();
        return true;
    }

    private boolean followsLast(Acknowledgement acknowledgement) {
        return acknowledgement.id().mark().isEmpty()
                || (acknowledgement.id().number() == last.number() + 1
                        && acknowledgement.previous().equals(last.mark()));
    }

    private void disbelieve(Acknowledgement acknowledgement) {
        // at WARN whoever ignores it tells, in one line for many: a forger can have one disbelieved with each answer
        LOG.debug("Site {}: acknowledgement {} does not follow {}", name, acknowledgement.id(), last);
        inFlight.forget();
        startOver();
    }

    private boolean judge(Acknowledgement acknowledgement, HelloAnswer answer) {
        SiteStanding standing = site.state().standing();
        if (standing.epoch() != askedAt.epoch()) {
            // another relay has begun an epoch meanwhile: of what came in an older one DB_A may know nothing
            startOver();
            return false;
        }
        if (!answered && !standing.seen().equals(askedAt.seen())) {
            // what was believed before a failure was settled after it: the answer says nothing of that
            startOver();
            return false;
        }
        if (!Version.mayFollow(acknowledgement.epoch(), standing.epoch())) {
            return false; // nobody's honest answer
        }
        boolean holdsLast = answer.last() == null || site.queue().holds(answer.last());
        Judgement judgement = Judgement.of(acknowledgement, answer, standing, holdsLast);
        if (judgement != Judgement.SAME) {
            LOG.info(
                    "Site {}: DB_A stands at {} and {} what the centre says came last; the centre stands at epoch {}: {}",
                    name,
                    standing,
                    holdsLast ? "holds" : "does not hold",
                    acknowledgement.epoch(),
                    answer);
            beginEpoch(judgement, acknowledgement, standing);
            return false;
        }
        if (answered && !followsLast(acknowledgement)) {
            // it tells of what was settled when it was asked for, and more was since
            disbelieve(acknowledgement);
            return false;
        }
        if (!answered) {
            // whatever was acknowledged of it meanwhile was not believed
            inFlight.reset();
        }
        answered = true;
        answeredIn = standing.epoch();
        outstanding = null;
        last = acknowledgement.id();
        return true;
    }

    /** Whatever was sent before belongs to the old epoch: what is PENDING still goes out again under the new one. */
    private void beginEpoch(Judgement judgement, Acknowledgement acknowledgement, SiteStanding standing) {
        // first, for it may stay unknown whether DB_A has done it
        inFlight.forget();
        startOver();
        int next = Math.max(standing.epoch(), acknowledgement.epoch()) + 1;
        if (site.queue().beginEpoch(standing.epoch(), next, acknowledgement.id(), judgement.due())) {
            tell(judgement, next);
        }
    }

    private void tell(Judgement judgement, int epoch) {
        if (judgement == Judgement.CENTRE_WENT_BACK) {
            LOG.warn(
                    "Site {}: DB_B went back in time, restored or made anew. Epoch {} begins: local-api sends all rows"
                            + " again, and what DB_A does not hold is deleted at the centre, unless DB_A was restored"
                            + " before and nobody has decided: /sync/status shows it",
                    name,
                    epoch);
        } else {
            LOG.error(
                    "Site {}: DB_A went back in time, restored or made anew, or somebody else writes to this site's topics. Epoch {}"
                            + " begins: local-api sends all rows again. Rows that only DB_B has stay there; if they are to go, POST /sync/resync"
                            + " {\"delete_missing\": true}",
                    name,
                    epoch);
        }
    }
}
