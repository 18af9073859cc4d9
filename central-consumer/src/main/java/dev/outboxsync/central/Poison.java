package dev.outboxsync.central;

import dev.outboxsync.event.Claim;
import dev.outboxsync.event.MalformedRecordException.Problem;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record that is no change event of its topic's site.
 *
 * @param field the field to blame, where there is one
 * @param claim which change it says to be, where it can be told
 */
record Poison(
        ReceivedRecord record, Problem problem, @Nullable String field, Optional<Claim> claim) {
    static Poison of(ReceivedRecord received, Problem problem, @Nullable String field) {
        return new Poison(received, problem, field, Claim.of(received.value()));
    }

    /** What its site is told; empty where it does not say to be a change of this site and epoch. */
    Optional<Refusal> refusal(Site site, int epoch) {
        return claim.filter(named -> named.fits(site, epoch))
                .map(named -> new Refusal(named.sequence(), Reason.MALFORMED, field));
    }
}
