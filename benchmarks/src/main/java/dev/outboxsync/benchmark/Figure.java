package dev.outboxsync.benchmark;

import java.util.Collection;
import java.util.List;

/** One figure over all rounds: the median and the range. */
record Figure(double median, double least, double most) {
    static Figure of(Collection<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Figure(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    /** The value that so many per cent of the values do not exceed. */
    static double percentile(Collection<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
