package dev.outboxsync.queue;

import java.util.List;
import java.util.Map;

/**
 * How the tables that are to be captured stand.
 *
 * @param uncaptured tables some of whose changes are not captured, for a trigger is missing
 * @param outdated tables all of whose changes are captured, but not as their columns and foreign keys ask for now
 * @param refused tables that cannot be captured, with a sentence that says why and what to do
 */
public record CaptureReport(List<String> uncaptured, List<String> outdated, Map<String, String> refused) {
    public CaptureReport {
        uncaptured = List.copyOf(uncaptured);
        outdated = List.copyOf(outdated);
        refused = Map.copyOf(refused);
    }
}
