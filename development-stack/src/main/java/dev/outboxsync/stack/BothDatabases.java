package dev.outboxsync.stack;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The same rows as DB_A and DB_B have them now, every value as text. */
final class BothDatabases {
    private static final String INSERT_USER = "INSERT INTO users (name, email) VALUES (?, ?)";

    private static final String READ_USERS = """
            SELECT id, name, email, updated_at
              FROM users
             WHERE id IN (?, ?, ?)
             ORDER BY id
            """;

    private static final String READ_ORDERS = """
            SELECT id, user_id, amount, status, updated_at
              FROM orders
             WHERE id IN (?, ?)
             ORDER BY id
            """;

    private final Database databaseA;
    private final Database databaseB;

    BothDatabases(Database databaseA, Database databaseB) {
        this.databaseA = databaseA;
        this.databaseB = databaseB;
    }

    /** Rows of DB_A and of DB_B; {@code updated_at} is the last value of each. */
    record Rows(List<List<String>> a, List<List<String>> b) {
        boolean areEqual() {
            return a.equals(b);
        }
    }

    /** Inserts as a person at a mysql prompt does, past the API; returns the new id. */
    long insertUser(String name, String email) {
        try (Connection connection = databaseA.connect();
                PreparedStatement insert =
                        connection.prepareStatement(INSERT_USER, PreparedStatement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, name);
            insert.setString(2, email);
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        } catch (SQLException e) {
            throw new StepFailed("DB_A refused the row: " + e.getMessage());
        }
    }

    Rows users(List<Long> threeIds) {
        return read(READ_USERS, threeIds);
    }

    Rows orders(List<Long> twoIds) {
        return read(READ_ORDERS, twoIds);
    }

    private Rows read(String query, List<Long> ids) {
        try {
            return new Rows(read(databaseA, query, ids), read(databaseB, query, ids));
        } catch (SQLException e) {
            throw new StepFailed("A database could not be read: " + e.getMessage());
        }
    }

    private static List<List<String>> read(Database database, String query, List<Long> ids) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement select = connection.prepareStatement(query)) {
            for (int i = 0; i < ids.size(); i++) {
                select.setLong(i + 1, ids.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                List<List<String>> all = new ArrayList<>();
                while (rows.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                        cells.add(String.valueOf(rows.getString(column)));
                    }
                    all.add(cells);
                }
                return all;
            }
        }
    }
}
