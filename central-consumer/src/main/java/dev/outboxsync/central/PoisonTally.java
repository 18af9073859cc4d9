package dev.outboxsync.central;

import dev.outboxsync.event.MalformedRecordException.Problem;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many records of a lane were no change events.
 *
 * @param problems how many there were of each
 * @param first offset of the first one
 * @param last offset of the last one
 */
public record PoisonTally(Map<Problem, Integer> problems, long first, long last) {
    public static final PoisonTally NONE = new PoisonTally(Map.of(), Long.MAX_VALUE, -1);

    public PoisonTally {
        var copy = new EnumMap<Problem, Integer>(Problem.class);
        copy.putAll(problems);
        problems = Collections.unmodifiableMap(copy);
    }

    static PoisonTally of(List<Poison> poison) {
        PoisonTally tally = NONE;
        var problems = new EnumMap<Problem, Integer>(Problem.class);
        for (Poison one : poison) {
            problems.merge(one.problem(), 1, Integer::sum);
            long offset = one.record().offset();
            tally = new PoisonTally(Map.of(), Math.min(tally.first, offset), Math.max(tally.last, offset));
        }
        return new PoisonTally(problems, tally.first, tally.last);
    }

    /** Both together. */
    public PoisonTally and(PoisonTally other) {
        var sum = new EnumMap<Problem, Integer>(Problem.class);
        sum.putAll(problems);
        other.problems.forEach((problem, count) -> sum.merge(problem, count, Integer::sum));
        return new PoisonTally(sum, Math.min(first, other.first), Math.max(last, other.last));
    }

    public int records() {
        return problems.values().stream().mapToInt(Integer::intValue).sum();
    }
}
