package dev.outboxsync.event;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of sequences without a gap.
 *
 * @param first the first sequence of the run
 * @param last the last one, itself included
 */
public record SequenceRange(long first, long last) {
    public SequenceRange {
        if (first > last) {
            throw new IllegalArgumentException("a range from " + first + " to " + last);
        }
    }

    /**
     * The runs that these sequences make. A missing number ends a run, for a range says of each of its sequences that it
     * was received.
     *
     * @param ascending sequences in ascending order, without duplicates
     */
    public static List<SequenceRange> runsOf(Iterable<Long> ascending) {
        var runs = new ArrayList<SequenceRange>();
        long first = 0;
        long last = 0;
        for (long sequence : ascending) {
            if (first > 0 && sequence != last + 1) {
                runs.add(new SequenceRange(first, last));
                first = 0;
            }
            first = first == 0 ? sequence : first;
            last = sequence;
        }
        if (first > 0) {
            runs.add(new SequenceRange(first, last));
        }
        return runs;
    }

    /** How many sequences the run holds. */
    public long size() {
        return last - first + 1;
    }
}
