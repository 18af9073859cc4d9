package dev.outboxsync.relay;

import dev.outboxsync.event.Site;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts acknowledgements that are not believed, and tells the log: of the first at once, of all that follow within ten
 * seconds in one line, so that whoever fills the topic does not fill the log.
 */
final class IgnoredAcknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(IgnoredAcknowledgements.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Site name;
    private final Clock clock;
    private long count;
    private long untold;
    private long first;
    private long last;
    private String why = "";
    private Instant told = Instant.MIN;

    IgnoredAcknowledgements(Site name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    /** One record, for a reason that holds nothing of its contents. */
    void add(long offset, String reason) {
        count();
        first = untold == 0 ? offset : first;
        why = untold == 0 ? reason : why;
        last = offset;
        untold++;
        tellIfDue();
    }

    /** One of which nothing needs to be told. */
    void count() {
        count++;
    }

    /** Tells what is left over, when it is time. */
    void tellIfDue() {
        Instant now = clock.instant();
        boolean toldJustNow = !now.isBefore(told) && now.isBefore(told.plus(BETWEEN_LINES));
        if (untold == 0 || toldJustNow) {
            return;
        }
        LOG.warn(
                "Site {}: {} acknowledgement(s) are ignored, from offset {} to {}: {}", name, untold, first, last, why);
        untold = 0;
        told = now;
    }

    long total() {
        return count;
    }
}
