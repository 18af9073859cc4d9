package dev.outboxsync.central;

import dev.outboxsync.event.Site;
import java.util.List;

/** Applies records of a site's lane to the central database and commits: {@link ApplyingChanges#apply}. */
public interface LaneApplying {
    /**
     * As there.
     *
     * @throws DatabaseAwayException when there is no connection to be had
     */
    AppliedBatch apply(Site site, List<ReceivedRecord> records);
}
