package dev.outboxsync.local.status;

import dev.outboxsync.queue.CaptureReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of SYNC_TABLES.
 *
 * @param captured whether every change of it is queued
 * @param problem why not, and what to do
 */
record TableAnswer(
        String tableName, boolean captured, @Nullable String problem) {
    private static final String DRIFTED =
            "Its triggers are missing, or made for other columns: POST /sync/capture, or start local-api with its admin";

    static List<TableAnswer> of(List<String> tables, CaptureReport report) {
        return tables.stream()
                .map(table -> {
                    String problem = report.uncaptured().contains(table)
                            ? DRIFTED
                            : report.refused().get(table);
                    return new TableAnswer(table, problem == null, problem);
                })
                .toList();
    }
}
