package dev.outboxsync.queue;

import java.util.List;
import java.util.Map;

/**
 * How the tables that are to be captured stand.
 *
 * @param uncaptured tables that could be captured and are not, or not as their columns ask for now
 * @param refused tables that cannot be captured, with a sentence that says why and what to do
 */
public record CaptureReport(List<String> uncaptured, Map<String, String> refused) {
    public CaptureReport {
        uncaptured = List.copyOf(uncaptured);
        refused = Map.copyOf(refused);
    }
}
