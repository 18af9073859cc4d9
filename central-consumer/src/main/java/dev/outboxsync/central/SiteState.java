package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.Site;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the centre remembers of a site.
 *
 * @param epoch the highest one seen
 * @param given the last acknowledgement
 * @param told the greatest acknowledgement that the site has said to have seen
 * @param last the change of the greatest sequence that came in this epoch; null before the first
 */
record SiteState(
        Site site,
        int epoch,
        AcknowledgementId given,
        long told,
        @Nullable LastReceived last) {
    static SiteState unknown(Site site) {
        return new SiteState(site, 1, AcknowledgementId.NONE, 0, null);
    }

    /**
     * The state in which a batch is decided: an epoch begins for all of the batch that brings its first record. Of what
     * came in an older epoch a restored DB_A may know nothing, and must not be asked for it.
     */
    SiteState nextFor(Batch batch) {
        int newest = Stream.<LaneRecord>concat(batch.events().stream(), batch.hellos())
                .mapToInt(LaneRecord::epoch)
                .reduce(epoch, Math::max);
        return new SiteState(site, newest, given, told, lastAfter(batch.events(), newest));
    }

    /** What had come last when these events had. */
    @Nullable
    LastReceived lastAfter(List<ChangeEvent> events, int newest) {
        LastReceived known = newest > epoch ? null : last;
        return events.stream()
                .filter(event -> event.epoch() == newest)
                .map(event -> new LastReceived(event.version().sequence(), event.capturedAt()))
                .filter(received -> known == null || received.sequence() > known.sequence())
                .max(Comparator.comparingLong(LastReceived::sequence))
                .orElse(known);
    }

    /** Whether this acknowledgement was given to the site. Of one without a mark, the number alone is believed. */
    boolean remembers(AcknowledgementId seen, CentralTransaction centre) {
        return seen.number() <= told
                || (seen.number() <= given.number() && (seen.mark().isEmpty() || centre.gave(site, seen)));
    }

    /** The site has said that it has seen this acknowledgement. */
    SiteState told(long seen) {
        return new SiteState(site, epoch, given, Math.max(told, seen), last);
    }

    /** Its next acknowledgement bears this mark. */
    SiteState giving(String mark) {
        return new SiteState(site, epoch, new AcknowledgementId(given.number() + 1, mark), told, last);
    }
}
