package dev.outboxsync.central.kafka;

import dev.outboxsync.central.PoisonTally;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/**
 * Tells the log of poison: of a site's first at once, of all that follows within ten seconds in one more line, and so on,
 * so that a broken writer fills the quarantine but not the log. Safe for use by many threads.
 */
@Component
final class PoisonReport {
    static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(PoisonReport.class);

    private final TaskScheduler timer;
    private final Map<Site, PoisonTally> untold = new HashMap<>();

    PoisonReport(TaskScheduler timer) {
        this.timer = timer;
    }

    synchronized void add(Site site, PoisonTally tally) {
        if (untold.computeIfPresent(site, (same, waiting) -> waiting.and(tally)) == null) {
            tell(site, tally);
        }
    }

    private void tell(Site site, PoisonTally tally) {
        LOG.warn(
                "Site {}: {} record(s) that are no change events are in the quarantine, from offset {} to {} of {}: {};"
                        + " GET /quarantine?site={} lists them",
                site,
                tally.records(),
                tally.first(),
                tally.last(),
                site.changesTopic(),
                tally.problems(),
                site);
        untold.put(site, PoisonTally.NONE);
        var unused = timer.schedule(() -> tellTheRest(site), Instant.now().plus(BETWEEN_LINES));
    }

    private synchronized void tellTheRest(Site site) {
        PoisonTally rest = untold.remove(site);
        if (rest != null && rest.records() > 0) {
            tell(site, rest);
        }
    }
}
