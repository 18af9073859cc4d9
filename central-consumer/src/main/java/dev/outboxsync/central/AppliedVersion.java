package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;

/**
 * What the centre remembers of a record, a deleted one too.
 *
 * @param owner the site that first delivered the record
 * @param version of the last change applied
 * @param deleted whether that change was a DELETE
 */
record AppliedVersion(Site owner, Version version, boolean deleted) {
    static AppliedVersion after(ChangeEvent event) {
        return new AppliedVersion(event.site(), event.version(), event.operation() == Operation.DELETE);
    }
}
