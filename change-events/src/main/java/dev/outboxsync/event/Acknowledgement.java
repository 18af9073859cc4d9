package dev.outboxsync.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the centre says after its commit: these changes are in DB_B, those were refused.
 *
 * @param site whose changes they are
 * @param epoch the centre's epoch of the site
 * @param id its name
 * @param previous mark of the one before it: an acknowledgement of another history follows none that the site has read
 * @param applied sequences that were all received and whose effect is in DB_B: applied, duplicate or superseded; ascending
 * @param refused changes without effect, each with its reason
 * @param fromOffset offset of the first change of the batch in the site's topic of changes
 * @param committedAt when DB_B had committed, by the centre's clock
 * @param answer to the last HELLO of the batch; null when it held none
 */
public record Acknowledgement(
        Site site,
        int epoch,
        AcknowledgementId id,
        String previous,
        List<SequenceRange> applied,
        List<Refusal> refused,
        long fromOffset,
        Instant committedAt,
        @Nullable HelloAnswer answer) {
    public Acknowledgement {
        applied = List.copyOf(applied);
        refused = List.copyOf(refused);
    }
}
