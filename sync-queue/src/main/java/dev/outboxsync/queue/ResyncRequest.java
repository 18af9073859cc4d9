package dev.outboxsync.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be queued again.
 *
 * @param tables captured ones
 * @param from lowest value of the key's first column, as a row image writes it; null for no bound
 * @param to highest value, itself included; null for no bound
 * @param deleteMissing whether the centre then deletes what this site delivered and does not hold any more
 */
public record ResyncRequest(
        List<String> tables,
        @Nullable String from,
        @Nullable String to,
        boolean deleteMissing) {
    public ResyncRequest {
        tables = List.copyOf(tables);
    }

    /** All rows of these tables, and nothing deleted. */
    public static ResyncRequest of(List<String> tables) {
        return new ResyncRequest(tables, null, null, false);
    }
}
