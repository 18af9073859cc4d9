package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Site;
import java.util.List;

/**
 * What the centre remembers of a site.
 *
 * @param epoch the highest one seen
 * @param number of the last acknowledgement, 0 before the first
 */
record SiteState(Site site, int epoch, long number) {
    static SiteState unknown(Site site) {
        return new SiteState(site, 1, 0);
    }

    /** The state in which a batch is decided: an epoch begins for all of the batch that brings its first event. */
    SiteState nextFor(List<ChangeEvent> events) {
        int newest =
                events.stream().mapToInt(event -> event.version().epoch()).max().orElse(epoch);
        return new SiteState(site, Math.max(epoch, newest), number + 1);
    }
}
