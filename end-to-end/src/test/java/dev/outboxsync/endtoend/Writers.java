package dev.outboxsync.endtoend;

import dev.outboxsync.stack.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Several clients at work at once on the same few records, over REST and SQL: so that hand-overs, moves, deletes and
 * re-inserts meet. Every state they write is marked by a name or status that no other state has.
 */
final class Writers implements AutoCloseable {
    private static final int RECORDS = 200;
    private static final AtomicLong MARKS = new AtomicLong();

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<Future<Void>> ends = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private final String run = Long.toString(System.nanoTime(), 36);
    private final Shop shop;
    private final Database database;
    private final int changes;

    Writers(Shop shop, Database database, int changes) {
        this.shop = shop;
        this.database = database;
        this.changes = changes;
    }

    void start(long seed) {
        ends.add(threads.submit(rest(new Random(seed))));
        ends.add(threads.submit(rest(new Random(seed + 1))));
        ends.add(threads.submit(sql(new Random(seed + 2))));
        ends.add(threads.submit(sql(new Random(seed + 3))));
    }

    /** How many changes were made so far, about. */
    int written() {
        return written.get();
    }

    boolean isDone() {
        return ends.stream().allMatch(Future::isDone);
    }

    /** Waits for the end, and fails with the first writer that failed. */
    void join() throws Exception {
        for (Future<Void> end : ends) {
            end.get();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Callable<Void> rest(Random random) {
        return () -> {
            List<Long> users = new ArrayList<>();
            List<Long> orders = new ArrayList<>();
            while (written.get() < changes) {
                Shop.Answer answer = restChange(random, users, orders);
                switch (answer.status()) {
                    case 200, 201 -> written.incrementAndGet();
                    case 404, 409, 422 -> {
                        // another writer was quicker
                    }
                    default -> throw new AssertionError("the API answered " + answer);
                }
            }
            return null;
        };
    }

    private Shop.Answer restChange(Random random, List<Long> users, List<Long> orders) {
        int kind = users.size() < 5 ? 0 : random.nextInt(100);
        if (kind < 20) {
            return remembered(shop.addUser(mark(), email(random)), users);
        } else if (kind < 45) {
            return remembered(shop.addOrder(any(users, random), amount(random), mark()), orders);
        } else if (kind < 65) {
            return shop.changeUser(any(users, random), mark(), email(random));
        } else if (kind < 85 && !orders.isEmpty()) {
            return shop.changeOrder(any(orders, random), any(users, random), amount(random), mark());
        } else if (kind < 95 && !orders.isEmpty()) {
            return shop.removeOrder(any(orders, random));
        }
        return shop.removeUser(any(users, random));
    }

    private static Shop.Answer remembered(Shop.Answer answer, List<Long> ids) {
        if (answer.status() == 201) {
            ids.add(answer.id());
        }
        return answer;
    }

    private Callable<Void> sql(Random random) {
        return () -> {
            var connection = new SingleConnectionDataSource(
                    new DriverManagerDataSource(database.url(), database.user(), database.password()).getConnection(),
                    true);
            var transaction = new TransactionTemplate(new JdbcTransactionManager(connection));
            JdbcClient jdbc = JdbcClient.create(connection);
            long others = jdbc.sql("SELECT COALESCE(MAX(id), 0) - 100 FROM users")
                    .query(Long.class)
                    .single();
            while (written.get() < changes) {
                try {
                    Integer made = transaction.execute(status -> sqlChange(jdbc, others, random));
                    written.addAndGet(made == null ? 0 : made);
                } catch (ConcurrencyFailureException | DataIntegrityViolationException e) {
                    // another writer was quicker
                }
            }
            connection.destroy();
            return null;
        };
    }

    private int sqlChange(JdbcClient jdbc, long others, Random random) {
        List<Long> users = jdbc.sql("SELECT id FROM users WHERE id > ? ORDER BY RAND(?) LIMIT 2")
                .params(others, random.nextInt())
                .query(Long.class)
                .list();
        if (users.size() < 2) {
            return jdbc.sql("INSERT INTO users (name, email) VALUES (?, ?)")
                    .params(mark(), email(random))
                    .update();
        }
        long one = users.get(0);
        long other = users.get(1);
        switch (random.nextInt(5)) {
            case 0 -> {
                return handOver(jdbc, one, other);
            }
            case 1 -> {
                return jdbc.sql(
                                "UPDATE orders SET user_id = ?, status = CONCAT(LEFT(?, 14), id % 1000000) WHERE user_id = ?")
                        .params(other, mark(), one)
                        .update();
            }
            case 2 -> {
                return rebirth(jdbc, one, random);
            }
            case 3 -> {
                return jdbc.sql("INSERT INTO orders (user_id, amount, status) VALUES (?, ?, ?), (?, ?, ?)")
                        .params(one, amount(random), mark(), other, amount(random), mark())
                        .update();
            }
            default -> {
                return jdbc.sql("DELETE FROM orders WHERE user_id = ? LIMIT 3")
                        .param(one)
                        .update();
            }
        }
    }

    /** Two users swap their e-mail addresses. */
    private int handOver(JdbcClient jdbc, long one, long other) {
        String email = jdbc.sql("SELECT email FROM users WHERE id = ? FOR UPDATE")
                .param(one)
                .query(String.class)
                .optional()
                .orElse(null);
        String theirs = jdbc.sql("SELECT email FROM users WHERE id = ? FOR UPDATE")
                .param(other)
                .query(String.class)
                .optional()
                .orElse(null);
        if (email == null || theirs == null) {
            return 0;
        }
        String update = "UPDATE users SET email = ?, name = ? WHERE id = ?";
        return jdbc.sql(update).params(mark() + "@swap", mark(), one).update()
                + jdbc.sql(update).params(email, mark(), other).update()
                + jdbc.sql(update).params(theirs, mark(), one).update();
    }

    /** A user and the orders go and come again under the same keys. */
    private int rebirth(JdbcClient jdbc, long user, Random random) {
        int made = jdbc.sql("DELETE FROM orders WHERE user_id = ?").param(user).update();
        made += jdbc.sql("DELETE FROM users WHERE id = ?").param(user).update();
        return made
                + jdbc.sql("INSERT INTO users (id, name, email) VALUES (?, ?, ?)")
                        .params(user, mark(), email(random))
                        .update();
    }

    /** At most 20 characters, as a status may have. */
    private static String mark() {
        return "m-" + MARKS.incrementAndGet();
    }

    /** Few addresses, so that they collide. */
    private String email(Random random) {
        return "e" + random.nextInt(RECORDS * 10) + "-" + run + "@example.org";
    }

    private static String amount(Random random) {
        return random.nextInt(10_000) + "." + (10 + random.nextInt(90));
    }

    private static long any(List<Long> ids, Random random) {
        return ids.get(random.nextInt(ids.size()));
    }
}
