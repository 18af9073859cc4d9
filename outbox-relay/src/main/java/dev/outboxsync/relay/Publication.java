package dev.outboxsync.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a page.
 *
 * @param confirmed in the log, by the broker's word
 * @param tooLarge no broker takes them: they can never be sent
 * @param unconfirmed perhaps in the log, perhaps not
 * @param failure why some are unconfirmed; null when none is
 */
public record Publication(
        List<Long> confirmed,
        List<Long> tooLarge,
        List<Long> unconfirmed,
        @Nullable String failure) {
    /** Of an empty page. */
    static final Publication NOTHING = new Publication(List.of(), List.of(), List.of(), null);

    public Publication {
        confirmed = List.copyOf(confirmed);
        tooLarge = List.copyOf(tooLarge);
        unconfirmed = List.copyOf(unconfirmed);
    }
}
