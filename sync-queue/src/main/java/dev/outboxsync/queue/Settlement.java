package dev.outboxsync.queue;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.Refusal;
import java.util.List;

/**
 * The part of an acknowledgement that may change rows: what this relay has itself published since it leads.
 *
 * @param acknowledgement as received
 * @param offset its offset in the site's topic of acknowledgements
 * @param applied its applied sequences that this relay has published, ascending
 * @param refused its refusals of changes that this relay has published, by ascending sequence
 */
public record Settlement(Acknowledgement acknowledgement, long offset, List<Long> applied, List<Refusal> refused) {
    public Settlement {
        applied = List.copyOf(applied);
        refused = List.copyOf(refused);
    }
}
