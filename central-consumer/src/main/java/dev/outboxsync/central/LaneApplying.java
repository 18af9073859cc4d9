package dev.outboxsync.central;

import dev.outboxsync.event.Site;
import java.util.List;

/** Applies records of a site's lane to the central database and commits: {@link ApplyingChanges#apply}. */
public interface LaneApplying {
    AppliedBatch apply(Site site, List<ReceivedRecord> records);
}
