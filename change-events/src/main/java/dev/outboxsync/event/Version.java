package dev.outboxsync.event;

import java.util.Comparator;

/**
 * The version of a record: which of two states of it is the newer one. Never a clock: clocks step back, and two writes
 * can share a microsecond.
 *
 * @param epoch the site's epoch, from 1
 * @param sequence {@code sync_queue.id} of the change
 */
public record Version(int epoch, long sequence) implements Comparable<Version> {
    private static final Comparator<Version> ORDER =
            Comparator.comparingInt(Version::epoch).thenComparingLong(Version::sequence);

    /** Each epoch is a database that went back in time: more than somebody does to a site in its life. */
    private static final int MOST_EPOCHS_AT_ONCE = 10_000;

    /**
     * Whether a site may be in an epoch when another one is the last that is known of it. It may not where somebody made
     * the number up: the last number there is would leave none for the site's next epoch.
     */
    public static boolean mayFollow(int epoch, int known) {
        return epoch - known <= MOST_EPOCHS_AT_ONCE;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    /** Whether this state is older than the other one, or the same. */
    public boolean isCoveredBy(Version other) {
        return compareTo(other) <= 0;
    }
}
