package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.Settlement;
import java.time.Instant;
import java.util.List;

/** Settlements as the relay makes them of acknowledgements in a site's first epoch. */
final class Settlements {
    private Settlements() {}

    static Settlement of(long number, List<Long> applied, Refusal... refused) {
        var acknowledgement = new Acknowledgement(
                InMemorySite.NAME,
                1,
                new AcknowledgementId(number, "mark-" + number),
                "",
                SequenceRange.runsOf(applied),
                List.of(refused),
                1_200,
                Instant.parse("2026-11-23T06:02:00.400000Z"),
                null);
        return new Settlement(acknowledgement, 17, applied, List.of(refused));
    }
}
