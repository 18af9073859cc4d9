package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.queue.Settled;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.relay.AcknowledgementSource.Received;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the centre acknowledges into statuses. Believes only what answers to a change that this relay has published:
 * a forged, foreign or older acknowledgement is counted and ignored, and the row is sent and acknowledged again.
 */
final class Settling {
    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    /** Acknowledgements that the site has seen and not told of, each a row in DB_B: those of a day or so without a change. */
    private static final int MOST_UNTOLD = 1_000;

    private final Site name;
    private final SiteDatabase site;
    private final InFlight inFlight;
    private final Greeting greeting;
    private final Deque<Received> unsettled = new ArrayDeque<>();
    // what was believed once is settled, though DB_A failed in the midst of it
    private boolean headIsBelieved;
    private long synced;
    private long failed;
    private final IgnoredAcknowledgements ignored;

    Settling(Site name, SiteDatabase site, InFlight inFlight, Greeting greeting, Clock clock) {
        this.ignored = new IgnoredAcknowledgements(name, clock);
        this.name = name;
        this.site = site;
        this.inFlight = inFlight;
        this.greeting = greeting;
    }

    /** Whether acknowledgements that were read are still to be settled, because DB_A failed. */
    boolean hasUnsettled() {
        return !unsettled.isEmpty();
    }

    /** Keeps these acknowledgements until they are settled, after those left over. */
    void keep(List<Received> received) {
        unsettled.addAll(received);
        ignored.tellIfDue();
    }

    /**
     * Settles what is kept. When DB_A fails, what is not settled is kept for the next call.
     *
     * @return whether any row changed
     */
    boolean settle() {
        boolean changed = false;
        while (!unsettled.isEmpty()) {
            changed |= settle(unsettled.element());
            unsettled.remove();
            headIsBelieved = false;
        }
        return changed;
    }

    private boolean settle(Received received) {
        try {
            Acknowledgement acknowledgement = AcknowledgementJson.read(received.value());
            if (!acknowledgement.site().equals(name)) {
                return ignore(received, "it speaks of another site");
            }
            if (!headIsBelieved && !greeting.believes(acknowledgement)) {
                return ignore(received, "it does not follow what the centre has answered, which is asked anew");
            }
            headIsBelieved = true;
            if (acknowledgement.epoch() != site.state().epoch()) {
                return ignore(received, "it speaks of another epoch");
            }
            return settle(settlement(acknowledgement, received.offset()));
        } catch (MalformedRecordException e) {
            return ignore(received, e.problem().name());
        }
    }

    private Settlement settlement(Acknowledgement acknowledgement, long offset) {
        List<Long> applied = acknowledgement.applied().stream()
                .flatMap(range -> inFlight.published(range.first(), range.last()).stream())
                .distinct()
                .sorted()
                .toList();
        List<Refusal> refused = acknowledgement.refused().stream()
                .filter(refusal -> inFlight.published(refusal.sequence()))
                .sorted(Comparator.comparingLong(Refusal::sequence))
                .toList();
        return new Settlement(acknowledgement, offset, applied, refused);
    }

    private boolean settle(Settlement settlement) {
        if (claimed(settlement.acknowledgement())
                != settlement.applied().size() + settlement.refused().size()) {
            ignored.count();
        }
        if (settlement.applied().isEmpty() && settlement.refused().isEmpty()) {
            if (isFarAhead(settlement.acknowledgement())) {
                site.queue().settle(settlement);
            }
            return false;
        }
        Settled settled = site.queue().settle(settlement);
        inFlight.settled(settlement.applied());
        settlement.refused().forEach(refusal -> inFlight.refused(refusal.sequence()));
        synced += settled.synced();
        failed += settled.failed();
        warnOfRefusals(settlement.refused());
        return true;
    }

    /** The centre keeps what it gave until the site tells that it has seen it; a site that is closed settles nothing for long. */
    private static boolean isFarAhead(Acknowledgement acknowledgement) {
        HelloAnswer answer = acknowledgement.answer();
        return answer != null && acknowledgement.id().number() - answer.told() > MOST_UNTOLD;
    }

    private void warnOfRefusals(List<Refusal> refused) {
        if (!refused.isEmpty()) {
            Refusal first = refused.get(0);
            LOG.warn(
                    "Site {}: the centre refused {} change(s), the first is {}: {}; see /sync/status",
                    name,
                    refused.size(),
                    first.sequence(),
                    first.text());
        }
    }

    private static long claimed(Acknowledgement acknowledgement) {
        return acknowledgement.applied().stream().mapToLong(SequenceRange::size).sum()
                + acknowledgement.refused().size();
    }

    private boolean ignore(Received received, String why) {
        ignored.add(received.offset(), why);
        return false;
    }

    long synced() {
        return synced;
    }

    long failed() {
        return failed;
    }

    /** Acknowledgements that were not believed, wholly or in part. */
    long ignored() {
        return ignored.total();
    }
}
