package dev.outboxsync.relay;

import dev.outboxsync.event.SequenceRange;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this relay has published and what has not become of it yet. Knowledge of the running relay alone: a restarted one
 * knows nothing and sends everything PENDING again. Not safe for use by many threads.
 */
final class InFlight {
    private static final int MOST_RUNS = 20;

    private final NavigableMap<Long, Sent> sent = new TreeMap<>();
    private final int bound;
    private int awaited;

    /** @param bound beyond so many, what was given up is forgotten at the next reset */
    InFlight(int bound) {
        this.bound = bound;
    }

    /** @param deadline until when it is awaited; null once it was answered or given up */
    private record Sent(long cycle, @Nullable Instant deadline, boolean givenUp) {}

    /** How many changes wait for an acknowledgement. */
    int awaited() {
        return awaited;
    }

    /** How many changes are remembered. */
    int remembered() {
        return sent.size();
    }

    /**
     * What may not be sent, in the words of a query that is to find the first that may.
     *
     * @param runs the longest runs of it, ascending
     * @param others how much of what is remembered lies outside of them
     */
    record Held(List<SequenceRange> runs, int others) {}

    /** What a reader of PENDING rows has to pass over in this cycle. Few runs, for whole pages are sent and acknowledged. */
    Held held(long cycle) {
        List<Long> held = sent.keySet().stream()
                .filter(sequence -> !maySend(sequence, cycle))
                .toList();
        List<SequenceRange> runs = SequenceRange.runsOf(held).stream()
                .sorted(Comparator.comparingLong(SequenceRange::size).reversed())
                .limit(MOST_RUNS)
                .sorted(Comparator.comparingLong(SequenceRange::first))
                .toList();
        return new Held(
                runs,
                sent.size() - (int) runs.stream().mapToLong(SequenceRange::size).sum());
    }

    /** Whether this relay has published the change, so that it may believe an acknowledgement of it. */
    boolean published(long sequence) {
        return sent.containsKey(sequence);
    }

    /** What this relay has published from one sequence to another one, both included. */
    Set<Long> published(long first, long last) {
        return sent.subMap(first, true, last, true).keySet();
    }

    /** Once a cycle and not while it is awaited, unless it was given up. */
    boolean maySend(long sequence, long cycle) {
        Sent last = sent.get(sequence);
        return last == null || (last.deadline == null && (last.givenUp || last.cycle < cycle));
    }

    void published(Collection<Long> sequences, long cycle, Instant deadline) {
        sequences.forEach(sequence -> put(sequence, new Sent(cycle, deadline, false)));
    }

    /** Perhaps in the log, perhaps not: to be sent again, and believed if it is acknowledged. */
    void gaveUp(Collection<Long> sequences, long cycle) {
        sequences.forEach(sequence -> put(sequence, new Sent(cycle, null, true)));
    }

    void settled(Collection<Long> sequences) {
        sequences.forEach(sequence -> put(sequence, null));
    }

    /** The centre has refused it; if it is still PENDING it goes out again in a later cycle. */
    void refused(long sequence) {
        Sent last = sent.get(sequence);
        if (last != null) {
            put(sequence, new Sent(last.cycle, null, false));
        }
    }

    /** A new cycle may send again what was refused in an earlier one, so that there is no need to remember it. */
    void forgetRefused() {
        sent.values().removeIf(last -> last.deadline == null && !last.givenUp);
    }

    /** Awaited for too long, ascending. */
    List<Long> overdue(Instant now) {
        return sent.entrySet().stream()
                .filter(entry -> {
                    Instant deadline = entry.getValue().deadline;
                    return deadline != null && deadline.isBefore(now);
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Goes back to the oldest: nothing is awaited any longer, all may be sent again. A late acknowledgement is still
     * believed, unless that would be too much to remember.
     */
    void reset() {
        if (sent.size() > bound) {
            sent.values().removeIf(Sent::givenUp);
        }
        sent.replaceAll((sequence, last) -> new Sent(last.cycle, null, true));
        awaited = 0;
    }

    /** Nothing that was sent is believed any longer if it is acknowledged. */
    void forget() {
        sent.clear();
        awaited = 0;
    }

    /** Gives what is awaited more time: nothing was read for a while. */
    void await(Instant deadline) {
        sent.replaceAll((sequence, last) -> last.deadline == null ? last : new Sent(last.cycle, deadline, false));
    }

    private void put(long sequence, @Nullable Sent next) {
        Sent last = next == null ? sent.remove(sequence) : sent.put(sequence, next);
        awaited += (next != null && next.deadline != null ? 1 : 0) - (last != null && last.deadline != null ? 1 : 0);
    }
}
