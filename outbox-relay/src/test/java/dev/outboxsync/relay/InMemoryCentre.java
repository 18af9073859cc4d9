package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Acknowledges what it finds in the log, and refuses what it is told to. */
final class InMemoryCentre {
    final Map<Long, Reason> refusing = new HashMap<>();
    private final InMemoryLog log;
    private int offset;
    private long number;

    InMemoryCentre(InMemoryLog log) {
        this.log = log;
    }

    /** Reads what is new and acknowledges it in one acknowledgement. */
    void work() {
        List<Long> received = log.sequences().subList(offset, log.changes.size());
        if (received.isEmpty()) {
            return;
        }
        var applied = new TreeSet<Long>();
        var refused = new ArrayList<Refusal>();
        for (long sequence : new TreeSet<>(received)) {
            Reason reason = refusing.get(sequence);
            if (reason == null) {
                applied.add(sequence);
            } else {
                refused.add(new Refusal(sequence, reason, "users.email"));
            }
        }
        int from = offset;
        offset = log.changes.size();
        acknowledge(SequenceRange.runsOf(applied), refused, from);
    }

    /** Reads what is new; its acknowledgement is lost. */
    void workAndLoseTheAcknowledgement() {
        int before = log.acknowledgements.size();
        work();
        log.acknowledgements.subList(before, log.acknowledgements.size()).clear();
    }

    void acknowledge(List<SequenceRange> applied, List<Refusal> refused, int from) {
        log.acknowledgements.add(acknowledgement(InMemorySite.NAME, 1, applied, refused, from));
    }

    byte[] acknowledgement(Site site, int epoch, List<SequenceRange> applied, List<Refusal> refused, int from) {
        return AcknowledgementJson.write(new Acknowledgement(
                site,
                epoch,
                new AcknowledgementId(++number, ""),
                "",
                applied,
                refused,
                from,
                Instant.parse("2026-11-23T06:00:01Z"),
                null));
    }
}
