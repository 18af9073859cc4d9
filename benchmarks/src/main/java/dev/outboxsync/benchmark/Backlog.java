package dev.outboxsync.benchmark;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The changes of a site that was offline: 30 % new users, 50 % new orders, 15 % updates of both, 5 % deleted orders, mixed at
 * random and the same in every run, 500 to a transaction.
 */
final class Backlog {
    private static final long SEED = 20_261_125;
    private static final int PER_TRANSACTION = 500;

    private final Random random = new Random(SEED);
    private final List<Integer> orders = new ArrayList<>();
    private int users;
    private int ordersEver;

    /** What a change does. */
    private enum Kind {
        NEW_USER,
        NEW_ORDER,
        UPDATE,
        DELETED_ORDER
    }

    /** Writes so many changes. */
    void write(Connection siteDatabase, int changes) {
        try (Statement batch = siteDatabase.createStatement()) {
            siteDatabase.setAutoCommit(false);
            int written = 0;
            for (Kind kind : kinds(changes)) {
                batch.addBatch(statement(kind));
                if (++written % PER_TRANSACTION == 0 || written == changes) {
                    batch.executeBatch();
                    siteDatabase.commit();
                }
            }
            siteDatabase.setAutoCommit(true);
        } catch (SQLException e) {
            throw new BenchmarkFailed("The backlog cannot be written", e);
        }
    }

    private List<Kind> kinds(int changes) {
        var kinds = new ArrayList<Kind>(changes);
        kinds.addAll(Collections.nCopies(changes * 30 / 100, Kind.NEW_USER));
        kinds.addAll(Collections.nCopies(changes * 15 / 100, Kind.UPDATE));
        kinds.addAll(Collections.nCopies(changes * 5 / 100, Kind.DELETED_ORDER));
        kinds.addAll(Collections.nCopies(changes - kinds.size(), Kind.NEW_ORDER));
        Collections.shuffle(kinds, random);
        return kinds;
    }

    /** What the very first changes need is made instead of them. */
    private String statement(Kind kind) {
        if (users == 0 || kind == Kind.NEW_USER) {
            return newUser();
        }
        if (orders.isEmpty() || kind == Kind.NEW_ORDER) {
            return newOrder();
        }
        return kind == Kind.UPDATE ? update() : deletedOrder();
    }

    private String newUser() {
        users++;
        return "INSERT INTO users (id, name, email) VALUES (%1$d, 'User number %1$d', 'user-%1$d@example.org')"
                .formatted(users);
    }

    private String newOrder() {
        orders.add(++ordersEver);
        return "INSERT INTO orders (id, user_id, amount, status) VALUES (%d, %d, %d.%02d, 'NEW')"
                .formatted(ordersEver, anyUser(), random.nextInt(1_000), random.nextInt(100));
    }

    private String update() {
        return random.nextInt(3) == 0
                ? "UPDATE users SET name = 'Renamed %d' WHERE id = %d".formatted(random.nextInt(1_000_000), anyUser())
                : "UPDATE orders SET status = 'PAID', amount = amount + 1 WHERE id = %d"
                        .formatted(orders.get(random.nextInt(orders.size())));
    }

    private String deletedOrder() {
        int place = random.nextInt(orders.size());
        int id = orders.get(place);
        int last = orders.remove(orders.size() - 1);
        if (place < orders.size()) {
            orders.set(place, last);
        }
        return "DELETE FROM orders WHERE id = " + id;
    }

    private int anyUser() {
        return 1 + random.nextInt(users);
    }
}
