package dev.outboxsync.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What any sync costs at least: one thread reads the surviving rows of DB_A in pages and writes them to DB_B as rewritten
 * upserts, a transaction a page. It keeps no versions, sends no receipts, knows no deletes and survives no fault.
 */
final class Floor {
    private static final int PAGE = 5_000;

    private final Connection from;
    private final Connection to;

    Floor(Connection from, Connection to) {
        this.from = from;
        this.to = to;
    }

    /** Copies everything; returns the seconds that it took. */
    double copy() {
        long begun = System.nanoTime();
        try {
            to.setAutoCommit(false);
            copy("users", "name", "email", "updated_at");
            copy("orders", "user_id", "amount", "status", "updated_at");
            to.setAutoCommit(true);
        } catch (SQLException e) {
            throw new BenchmarkFailed("The floor cannot be measured", e);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private void copy(String table, String... columns) throws SQLException {
        String names = "id, " + String.join(", ", columns);
        String read = "SELECT " + names + " FROM " + table + " WHERE id > ? ORDER BY id LIMIT " + PAGE;
        try (PreparedStatement page = from.prepareStatement(read);
                PreparedStatement upsert = to.prepareStatement(upsert(table, names, columns))) {
            long last = 0;
            for (int rows = PAGE; rows == PAGE; ) {
                page.setLong(1, last);
                rows = 0;
                try (ResultSet row = page.executeQuery()) {
                    while (row.next()) {
                        last = row.getLong(1);
                        for (int i = 1; i <= columns.length + 1; i++) {
                            upsert.setString(i, row.getString(i));
                        }
                        upsert.addBatch();
                        rows++;
                    }
                }
                upsert.executeBatch();
                to.commit();
            }
        }
    }

    private static String upsert(String table, String names, String... columns) {
        var values = new StringBuilder("?");
        var assignments = new StringBuilder();
        for (String column : columns) {
            values.append(", ?");
            assignments.append(assignments.isEmpty() ? "" : ", ").append("%1$s = VALUES(%1$s)".formatted(column));
        }
        return "INSERT INTO " + table + " (" + names + ") VALUES (" + values + ") ON DUPLICATE KEY UPDATE "
                + assignments;
    }
}
