package dev.outboxsync.simulation;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Version;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.relay.OutgoingChange;
import dev.outboxsync.relay.Publication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The page that a relay has in hand: what was read goes out, but for what is refused, and what is not confirmed is counted. */
final class RelayPage {
    private final ShopDatabase shop;
    private final String relay;
    private final Records records;
    /** All that was ever sent, since the relay leads. */
    private final Set<Version> tried = new HashSet<>();
    /** What was read last, and not refused since. */
    private final List<Long> page = new ArrayList<>();
    /** What the log has not confirmed, and is not counted yet. */
    private List<Long> unconfirmed = List.of();

    private int restores;
    private int epoch;

    RelayPage(ShopDatabase shop, String relay, Records records) {
        this.shop = shop;
        this.relay = relay;
        this.records = records;
    }

    void reading() {
        restores = shop.restores;
        epoch = shop.queue.epoch;
    }

    void read(List<QueuedChange> changes) {
        page.clear();
        changes.forEach(change -> page.add(change.id()));
    }

    /** Whether it is of the database that the site has now. */
    boolean isOfNow() {
        return restores == shop.restores;
    }

    void refused(int of, Refusal refusal) {
        if (of != epoch) {
            throw new Violation("%s refuses %d in epoch %d, and has read it in epoch %d"
                    .formatted(relay, refusal.sequence(), of, epoch));
        }
        page.remove(refusal.sequence());
    }

    /** It is about to be sent, whatever becomes of it; these are its events. */
    List<ChangeEvent> sending(List<OutgoingChange> changes) {
        List<Long> sequences = changes.stream().map(OutgoingChange::sequence).toList();
        if (!sequences.equals(page)) {
            throw new Violation("%s sends %s, and has read %s".formatted(relay, sequences, page));
        }
        List<ChangeEvent> events = changes.stream()
                .map(change -> (ChangeEvent) records.laneRecord(change.value()))
                .toList();
        for (ChangeEvent event : events) {
            tried.add(event.version());
            if (event.epoch() != epoch) {
                throw new Violation("%s sends %s, which was read in epoch %d".formatted(relay, event.version(), epoch));
            }
        }
        return events;
    }

    void sent(Publication publication) {
        unconfirmed = publication.unconfirmed();
    }

    /** These are counted as not confirmed. */
    void counted(Collection<Long> sequences) {
        if (!unconfirmed.equals(List.copyOf(sequences))) {
            throw new Violation(
                    "%s counts %s as not confirmed, and that is %s".formatted(relay, sequences, unconfirmed));
        }
        unconfirmed = List.of();
    }

    void demandThatAllIsCounted() {
        if (!unconfirmed.isEmpty()) {
            throw new Violation("%s does not count %s as not confirmed".formatted(relay, unconfirmed));
        }
    }

    void demandThatItWasTried(Settlement settlement) {
        int of = settlement.acknowledgement().epoch();
        List<Long> answered = Stream.concat(
                        settlement.applied().stream(),
                        settlement.refused().stream().map(Refusal::sequence))
                .toList();
        if (!answered.stream().allMatch(sequence -> tried.contains(new Version(of, sequence)))) {
            throw new Violation("%s settles of %s what it has never sent in epoch %d".formatted(relay, answered, of));
        }
    }

    /** A call has failed: the next one may go wrong as well. */
    void failed() {
        unconfirmed = List.of();
    }

    /** Another relay may have led: nothing counts that was sent before. */
    void forget() {
        tried.clear();
    }
}
