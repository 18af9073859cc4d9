package dev.outboxsync.stack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database that this machine reaches, by a connection for each statement. */
record JdbcPrompt(Database database) implements SqlPrompt {
    @Override
    public List<List<String>> run(String text) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return statement.execute(text) ? rows(statement.getResultSet()) : List.of();
        } catch (SQLException e) {
            throw new StepFailed("The database refused `" + text + "`: " + e.getMessage());
        }
    }

    private static List<List<String>> rows(ResultSet answer) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        while (answer.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= answer.getMetaData().getColumnCount(); column++) {
                row.add(String.valueOf(answer.getString(column)));
            }
            rows.add(row);
        }
        return rows;
    }
}
