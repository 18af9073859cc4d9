package dev.outboxsync.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the lane stands.
 *
 * @param online the switch, as last read
 * @param inFlight changes that are published and not yet acknowledged
 * @param lastCycle null before the first one has ended
 * @param problem what keeps the lane from working, in words for a person; null when nothing does
 * @param totals counts since this relay started
 */
public record LaneReport(
        boolean online,
        boolean leading,
        int inFlight,
        @Nullable CycleReport lastCycle,
        Instant nextCycleAt,
        @Nullable String problem,
        Totals totals) {
    /**
     * Counts since this relay started.
     *
     * @param published changes that Kafka has confirmed, repeats included
     * @param ignored acknowledgements that were not believed, wholly or in part
     */
    public record Totals(long published, long synced, long failed, long ignored) {}
}
