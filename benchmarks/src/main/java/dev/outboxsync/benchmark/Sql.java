package dev.outboxsync.benchmark;

import dev.outboxsync.stack.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection of the benchmark's own, with the administrator's rights and rewritten batches. One thread uses it. */
final class Sql implements AutoCloseable {
    private static final String OPTIONS =
            "?rewriteBatchedStatements=true&connectionTimeZone=UTC" + "&forceConnectionTimeZoneToSession=true";

    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    static Sql open(Database database) {
        try {
            return new Sql(DriverManager.getConnection(database.url() + OPTIONS, database.user(), database.password()));
        } catch (SQLException e) {
            throw new BenchmarkFailed("A database cannot be reached", e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Runs the statements in their order, each committed. */
    void run(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new BenchmarkFailed("A statement failed", e);
        }
    }

    /** The first row's columns, joined; empty when there is no row. */
    String text(String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            var text = new StringBuilder();
            if (rows.next()) {
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : " ").append(rows.getString(i));
                }
            }
            return text.toString();
        } catch (SQLException e) {
            throw new BenchmarkFailed("A query failed", e);
        }
    }

    long number(String query) {
        return Long.parseLong(text(query));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new BenchmarkFailed("A connection cannot be closed", e);
        }
    }
}
