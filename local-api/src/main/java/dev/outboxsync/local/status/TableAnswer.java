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
    private static final String UNCAPTURED = "A trigger is missing, and what is written now is not captured:"
            + " POST /sync/capture makes it anew and queues the table's rows again";
    private static final String UNKNOWN =
            "DB_A is being made ready, and the table was not looked at yet: the log tells what stands in the way";
    private static final String OUTDATED =
            "Its triggers are made for other columns: POST /sync/capture, or start local-api with its admin";

    /** Before the first look: what is not known is not promised. */
    static List<TableAnswer> unknown(List<String> tables) {
        return tables.stream()
                .map(table -> new TableAnswer(table, false, UNKNOWN))
                .toList();
    }

    static List<TableAnswer> of(List<String> tables, CaptureReport report) {
        return tables.stream()
                .map(table -> {
                    String problem = report.problems().get(table);
                    if (problem == null && report.uncaptured().contains(table)) {
                        problem = UNCAPTURED;
                    } else if (problem == null && report.outdated().contains(table)) {
                        problem = OUTDATED;
                    }
                    return new TableAnswer(table, problem == null, problem);
                })
                .toList();
    }
}
