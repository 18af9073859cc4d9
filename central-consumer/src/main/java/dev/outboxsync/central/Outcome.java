package dev.outboxsync.central;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one transaction did with a batch; of worth only once it has committed. */
final class Outcome {
    /** Of an acknowledgement, which must stay far below what Kafka takes. Without its detail a refusal is short. */
    private static final int MOST_DETAIL_CHARACTERS = 50_000;

    private final Batch batch;
    private final PoisonTally quarantined;
    private final AcknowledgementId previous;
    private final @Nullable SiteState site;
    private final @Nullable HelloAnswer answer;
    private final TreeMap<Long, Optional<Refusal>> refusals = new TreeMap<>();
    private int applied;
    private int superseded;

    /**
     * @param quarantined what of its poison was not in the quarantine yet
     * @param previous the site's acknowledgement before this one
     * @param site after the batch; null when there is nothing to acknowledge
     * @param answer to its last HELLO; null when it held none
     */
    Outcome(
            Batch batch,
            PoisonTally quarantined,
            AcknowledgementId previous,
            @Nullable SiteState site,
            @Nullable HelloAnswer answer) {
        this.batch = batch;
        this.quarantined = quarantined;
        this.previous = previous;
        this.site = site;
        this.answer = answer;
    }

    /** Of a batch of poison. */
    static Outcome ofNothing(Batch batch, PoisonTally quarantined) {
        return new Outcome(batch, quarantined, AcknowledgementId.NONE, null, null);
    }

    /** Notes an event's end. Of a sequence that came twice, the last one counts. */
    void add(ChangeEvent event, Decision decision) {
        applied += decision instanceof Decision.Apply || decision instanceof Decision.Sweeping ? 1 : 0;
        superseded += decision instanceof Decision.Superseded ? 1 : 0;
        refusals.put(
                event.version().sequence(),
                decision instanceof Decision.Refuse refuse ? Optional.of(refuse.refusal()) : Optional.empty());
    }

    /** Notes what the site is told of poison. It decides nothing where the change itself was read as well. */
    void addMalformed(List<Refusal> malformed) {
        malformed.forEach(refusal -> refusals.putIfAbsent(refusal.sequence(), Optional.of(refusal)));
    }

    AppliedBatch committedAt(Instant moment) {
        return new AppliedBatch(acknowledgement(moment), applied, superseded, quarantined);
    }

    private Optional<Acknowledgement> acknowledgement(Instant committedAt) {
        if (site == null) {
            return Optional.empty();
        }
        List<Long> received = refusals.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(entry -> entry.getKey())
                .toList();
        return Optional.of(new Acknowledgement(
                batch.site(),
                site.epoch(),
                site.given(),
                previous.mark(),
                SequenceRange.runsOf(received),
                refused(),
                batch.fromOffset(),
                committedAt,
                answer));
    }

    private List<Refusal> refused() {
        var refused = new ArrayList<Refusal>();
        int characters = 0;
        for (Optional<Refusal> refusal : refusals.values()) {
            if (refusal.isPresent()) {
                String detail = refusal.get().detail();
                characters += detail == null ? 0 : detail.length();
                refused.add(
                        characters <= MOST_DETAIL_CHARACTERS
                                ? refusal.get()
                                : new Refusal(
                                        refusal.get().sequence(), refusal.get().reason(), null));
            }
        }
        return refused;
    }
}
