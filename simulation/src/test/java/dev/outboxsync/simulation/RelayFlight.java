package dev.outboxsync.simulation;

import static java.util.stream.Collectors.toCollection;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.InMemorySite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a relay has sent and not settled: what it awaits, what goes out next, and what it has to settle when it is
 * acknowledged. Of a database that was replaced, or led by another relay meanwhile, it demands nothing.
 */
final class RelayFlight {
    private final ShopDatabase shop;
    private final String relay;
    private final NavigableMap<Long, Sent> known = new TreeMap<>();
    private long cycle;
    private int epoch;
    private int restores;
    /** What was found PENDING for a page, as far as it may be sent; null when no page is looked for. */
    private @Nullable List<Long> sendable;

    RelayFlight(ShopDatabase shop, String relay) {
        this.shop = shop;
        this.relay = relay;
        knowDatabase();
    }

    /** @param until when it is awaited at least; null once it was refused, or was to be sent again */
    private record Sent(long cycle, @Nullable Instant until, boolean again) {
        boolean mayGoOut(long now) {
            return until == null && (again || cycle < now);
        }

        /** Whether it counts when it is acknowledged: of what was refused a later cycle need not know. */
        boolean isToBeSettled() {
            return until != null || again;
        }
    }

    /** From now on this database is known, as it is. */
    void knowDatabase() {
        epoch = shop.queue.epoch;
        restores = shop.restores;
    }

    /** Whether the database is still the one that it knew. */
    boolean isSure() {
        return epoch == shop.queue.epoch && restores == shop.restores;
    }

    /** Nothing that was sent is believed any longer if it is acknowledged. */
    void forget() {
        known.clear();
    }

    /** All goes out again, from the oldest on. What was refused is not remembered; what was to go out again, not without end. */
    void startAgain() {
        if (known.size() > 2 * RelayProcess.WINDOW) {
            known.values().removeIf(Sent::again);
        }
        known.values().removeIf(sent -> !sent.isToBeSettled());
        known.replaceAll((sequence, sent) -> new Sent(sent.cycle(), null, true));
    }

    /** What is awaited is given more time. */
    void await(Instant until) {
        known.replaceAll((sequence, sent) -> sent.until() == null ? sent : new Sent(sent.cycle(), until, sent.again()));
    }

    /** Nobody can tell how long the relay awaits what it awaits. */
    void awaitUnknown() {
        await(Instant.MIN);
    }

    /** Whether anything is known to be awaited longer than that. */
    boolean isOverdue(Instant now) {
        return known.values().stream()
                .map(Sent::until)
                .anyMatch(until -> until != null && !until.equals(Instant.MIN) && until.isBefore(now));
    }

    @Override
    public String toString() {
        return known.toString();
    }

    private int awaited() {
        return (int)
                known.values().stream().filter(sent -> sent.until() != null).count();
    }

    boolean hasRoom() {
        return isSure() && awaited() < RelayProcess.WINDOW;
    }

    void beginCycle() {
        cycle++;
    }

    void published(Collection<Long> confirmed, Collection<Long> unconfirmed, Instant until) {
        confirmed.forEach(sequence -> known.put(sequence, new Sent(cycle, until, false)));
        unconfirmed.forEach(sequence -> known.put(sequence, new Sent(cycle, null, true)));
    }

    void settled(Settlement settlement) {
        known.keySet().removeAll(settlement.applied());
        settlement
                .refused()
                .forEach(refusal -> known.computeIfPresent(
                        refusal.sequence(), (sequence, sent) -> new Sent(sent.cycle(), null, false)));
    }

    /** Nothing of what it tells was still to be settled. */
    void demandNothingOf(Acknowledgement passedOver) {
        Set<Long> applied = applied(passedOver);
        Set<Long> refused = refused(passedOver);
        if (!applied.isEmpty() || !refused.isEmpty()) {
            throw new Violation("%s is told by %s of %s, and of %s as refused, and does not settle it"
                    .formatted(relay, passedOver.id(), applied, refused));
        }
    }

    void demandAllOf(Settlement settlement) {
        Set<Long> applied = applied(settlement.acknowledgement());
        Set<Long> refused = refused(settlement.acknowledgement());
        applied.removeAll(settlement.applied());
        settlement.refused().forEach(refusal -> refused.remove(refusal.sequence()));
        if (!applied.isEmpty() || !refused.isEmpty()) {
            throw new Violation("%s settles %s, and leaves %s, and %s as refused"
                    .formatted(relay, settlement.acknowledgement().id(), applied, refused));
        }
    }

    private Set<Long> applied(Acknowledgement acknowledgement) {
        return acknowledgement.applied().stream()
                .flatMap(range -> known.subMap(range.first(), true, range.last(), true).keySet().stream())
                .filter(sequence -> isToBeSettled(acknowledgement, sequence))
                .collect(toCollection(TreeSet::new));
    }

    private Set<Long> refused(Acknowledgement acknowledgement) {
        return acknowledgement.refused().stream()
                .map(Refusal::sequence)
                .filter(sequence -> isToBeSettled(acknowledgement, sequence))
                .collect(toCollection(TreeSet::new));
    }

    private boolean isToBeSettled(Acknowledgement acknowledgement, long sequence) {
        return isSure()
                && acknowledgement.epoch() == epoch
                && known.containsKey(sequence)
                && known.get(sequence).isToBeSettled();
    }

    /** A page is looked for among these, which were PENDING before. */
    void looking(List<Long> pending) {
        sendable = pending.stream()
                .filter(this::isPending)
                .filter(sequence ->
                        !known.containsKey(sequence) || known.get(sequence).mayGoOut(cycle))
                .toList();
    }

    private boolean isPending(long sequence) {
        InMemorySite.Row row = shop.queue.row(sequence);
        return row != null && row.status == SyncStatus.PENDING;
    }

    /** These are read to be sent: the oldest ones that may be, as many as there is room for. */
    void reading(List<Long> page) {
        List<Long> expected = sendable;
        sendable = null;
        if (!isSure() || expected == null) {
            return;
        }
        var passedOver = new ArrayList<>(expected);
        passedOver.removeIf(sequence -> sequence > page.get(page.size() - 1));
        passedOver.removeAll(page);
        if (!passedOver.isEmpty()) {
            throw new Violation("%s is to send %s, and passes over %s".formatted(relay, page, passedOver));
        }
        page.stream().filter(known::containsKey).forEach(sequence -> {
            if (!known.get(sequence).mayGoOut(cycle)) {
                throw new Violation(
                        "%s sends %d in cycle %d, and %s".formatted(relay, sequence, cycle, known.get(sequence)));
            }
        });
        if (awaited() + page.size() > RelayProcess.WINDOW) {
            throw new Violation("%s awaits %d, and sends %s".formatted(relay, awaited(), page));
        }
    }

    /** No page is looked for any longer: a call has failed. */
    void failed() {
        sendable = null;
    }

    void demandThatNothingIsLeft() {
        if (sendable != null && !sendable.isEmpty() && isSure()) {
            throw new Violation("%s sends nothing, and %s may be sent".formatted(relay, sendable));
        }
        sendable = null;
    }

    /** These are counted as not acknowledged in time. */
    void demandThatTheyAreOverdue(Collection<Long> counted, Instant now) {
        boolean all = counted.stream().allMatch(sequence -> {
            Sent sent = known.get(sequence);
            return sent != null && sent.until() != null && sent.until().isBefore(now);
        });
        if (!all && isSure()) {
            throw new Violation(
                    "%s counts %s as not acknowledged at %s, and knows %s".formatted(relay, counted, now, known));
        }
    }

    /** As many are awaited as the relay says. */
    void demandThatItAwaits(int count) {
        if (isSure() && awaited() != count) {
            throw new Violation("%s says that it awaits %d, and knows %s".formatted(relay, count, known));
        }
    }
}
