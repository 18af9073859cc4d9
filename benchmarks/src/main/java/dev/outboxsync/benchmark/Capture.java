package dev.outboxsync.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What capture costs the writers of DB_A: the same inserts into a table under sync and into one like it without triggers, in
 * turn; each row committed for itself, and 500 rows to a transaction. The relay is offline.
 */
final class Capture {
    private static final String CAPTURED = "users";
    private static final String PLAIN = "users_without_triggers";
    private static final int BULK = 500;
    private static final int ROWS_SINGLE = 2_000;
    private static final int ROWS_BULK = 50_000;

    private final PrivateStack stack;
    private final Consumer<String> progress;
    private int lastId;

    Capture(PrivateStack stack, Consumer<String> progress) {
        this.stack = stack;
        this.progress = progress;
    }

    /** Rows a second, with and without triggers. */
    private record Round(double captured, double plain) {
        double slower() {
            return plain / captured;
        }
    }

    Report measure(int rounds) {
        var report = new Report();
        report.add("benchmark", "capture");
        report.add("rounds", rounds);
        try (Sql siteDatabase = stack.siteDatabase()) {
            siteDatabase.run("CREATE TABLE " + PLAIN + " LIKE " + CAPTURED);
            add(report, "single", rounds(siteDatabase.connection(), rounds, ROWS_SINGLE, 1));
            add(report, "bulk", rounds(siteDatabase.connection(), rounds, ROWS_BULK, BULK));
        }
        return report;
    }

    /** The first only warms up. */
    private List<Round> rounds(Connection siteDatabase, int count, int rows, int perTransaction) {
        var rounds = new ArrayList<Round>();
        for (int round = 0; round <= count; round++) {
            var measured = new Round(
                    rowsPerSecond(siteDatabase, CAPTURED, rows, perTransaction),
                    rowsPerSecond(siteDatabase, PLAIN, rows, perTransaction));
            progress.accept("%s, %d row(s) to a transaction: %.0f rows/s with triggers, %.0f without"
                    .formatted(
                            round == 0 ? "warming up" : "round " + round,
                            perTransaction,
                            measured.captured(),
                            measured.plain()));
            if (round > 0) {
                rounds.add(measured);
            }
        }
        return rounds;
    }

    private double rowsPerSecond(Connection siteDatabase, String table, int rows, int perTransaction) {
        long begun = System.nanoTime();
        String insert = "INSERT INTO " + table + " (id, name, email) VALUES (?, ?, ?)";
        try (PreparedStatement batch = siteDatabase.prepareStatement(insert)) {
            siteDatabase.setAutoCommit(false);
            for (int row = 1; row <= rows; row++) {
                int id = ++lastId;
                batch.setInt(1, id);
                batch.setString(2, "User number " + id);
                batch.setString(3, "user-" + id + "@example.org");
                batch.addBatch();
                if (row % perTransaction == 0) {
                    batch.executeBatch();
                    siteDatabase.commit();
                }
            }
            siteDatabase.setAutoCommit(true);
        } catch (SQLException e) {
            throw new BenchmarkFailed("The rows cannot be written", e);
        }
        return rows / ((System.nanoTime() - begun) / 1e9);
    }

    private static void add(Report report, String name, List<Round> rounds) {
        report.add(
                name + "_rows_per_second",
                Figure.of(rounds.stream().map(Round::captured).toList()),
                0);
        report.add(
                name + "_rows_per_second_without",
                Figure.of(rounds.stream().map(Round::plain).toList()),
                0);
        report.add(
                name + "_times_slower",
                Figure.of(rounds.stream().map(Round::slower).toList()),
                2);
    }
}
