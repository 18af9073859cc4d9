package dev.outboxsync.queue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the tables that are to be captured stand.
 *
 * @param uncaptured tables some of whose changes are not captured, for a trigger is missing
 * @param outdated tables all of whose changes are captured, but not as their columns and foreign keys ask for now
 * @param refused tables that cannot be captured, with a sentence that says why and what to do
 * @param failed tables whose triggers could not be made just now, with a sentence that says why
 */
public record CaptureReport(
        List<String> uncaptured, List<String> outdated, Map<String, String> refused, Map<String, String> failed) {
    /** Before anything was looked at. */
    public static final CaptureReport NONE = new CaptureReport(List.of(), List.of(), Map.of(), Map.of());

    public CaptureReport {
        uncaptured = List.copyOf(uncaptured);
        outdated = List.copyOf(outdated);
        refused = Map.copyOf(refused);
        failed = Map.copyOf(failed);
    }

    /** Why a table is not captured, for those refused and those failed. */
    public Map<String, String> problems() {
        var problems = new TreeMap<>(refused);
        problems.putAll(failed);
        return problems;
    }
}
