package dev.outboxsync.stack;

import java.util.List;
import java.util.stream.Collectors;

/** The same rows as DB_A and DB_B have them now, every value as text. */
final class BothDatabases {
    private static final String INSERT_USER = "INSERT INTO users (name, email) VALUES ('%s', '%s')";

    private static final String READ_ID = "SELECT id FROM users WHERE email = '%s'";

    private static final String READ_USERS = """
            SELECT id, name, email, updated_at
              FROM users
             WHERE id IN (%s)
             ORDER BY id
            """;

    private static final String READ_ORDERS = """
            SELECT id, user_id, amount, status, updated_at
              FROM orders
             WHERE id IN (%s)
             ORDER BY id
            """;

    private final SqlPrompt databaseA;
    private final SqlPrompt databaseB;

    BothDatabases(SqlPrompt databaseA, SqlPrompt databaseB) {
        this.databaseA = databaseA;
        this.databaseB = databaseB;
    }

    /** Rows of DB_A and of DB_B; {@code updated_at} is the last value of each. */
    record Rows(List<List<String>> a, List<List<String>> b) {
        boolean areEqual() {
            return a.equals(b);
        }
    }

    /** Inserts as a person at a mysql prompt does, past the API; returns the new id. The texts need no quoting. */
    long insertUser(String name, String email) {
        databaseA.run(INSERT_USER.formatted(name, email));
        return Long.parseLong(databaseA.run(READ_ID.formatted(email)).get(0).get(0));
    }

    /** As a restored DB_B lacks them. */
    void loseAtCentre(List<Long> users, List<Long> orders) {
        databaseB.run("DELETE FROM orders WHERE id IN (" + listed(orders) + ")");
        databaseB.run("DELETE FROM users WHERE id IN (" + listed(users) + ")");
    }

    private static String listed(List<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    Rows users(List<Long> ids) {
        return read(READ_USERS, ids);
    }

    Rows orders(List<Long> ids) {
        return read(READ_ORDERS, ids);
    }

    private Rows read(String query, List<Long> ids) {
        String text = query.formatted(listed(ids));
        return new Rows(databaseA.run(text), databaseB.run(text));
    }
}
