package dev.outboxsync.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

@Tag("server-dependent")
class TransactionsTest {
    private final HikariDataSource source = source(TestParts.mySql().freshDatabase());
    private final JdbcTemplate sql = new JdbcTemplate(source);
    private final Transactions transactions = new Transactions(new DataSourceTransactionManager(source));

    private static HikariDataSource source(Database database) {
        var source = new HikariDataSource();
        source.setJdbcUrl(database.url());
        source.setUsername(database.user());
        source.setPassword(database.password());
        source.setConnectionInitSql("SET SESSION innodb_lock_wait_timeout = 1");
        return source;
    }

    @BeforeEach
    void table() {
        sql.execute("CREATE TABLE accounts (id INT PRIMARY KEY, amount INT NOT NULL)");
        sql.update("INSERT INTO accounts VALUES (1, 0), (2, 0)");
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void after_a_deadlock_the_whole_transaction_is_done_again() throws Exception {
        var attempts = new AtomicInteger();
        var bothHoldOne = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = List.of(
                    threads.submit(() -> transfer(1, 2, attempts, bothHoldOne)),
                    threads.submit(() -> transfer(2, 1, attempts, bothHoldOne)));
            for (Future<?> one : both) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(attempts).as("one of both was the victim").hasValue(3);
        assertThat(sql.queryForList("SELECT amount FROM accounts ORDER BY id", Integer.class))
                .containsExactly(2, 2);
    }

    private void transfer(int first, int second, AtomicInteger attempts, CyclicBarrier bothHoldOne) {
        transactions.runWithoutResult(() -> {
            boolean firstAttempt = attempts.incrementAndGet() <= 2;
            sql.update("UPDATE accounts SET amount = amount + 1 WHERE id = ?", first);
            if (firstAttempt) {
                await(bothHoldOne);
            }
            sql.update("UPDATE accounts SET amount = amount + 1 WHERE id = ?", second);
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void each_statement_sees_what_had_been_committed_when_it_began() throws Exception {
        try (var other = source.getConnection()) {
            List<Integer> seen = transactions.run(() -> {
                Integer before = sql.queryForObject("SELECT amount FROM accounts WHERE id = 1", Integer.class);
                add(other);
                Integer after = sql.queryForObject("SELECT amount FROM accounts WHERE id = 1", Integer.class);
                return List.of(before, after);
            });

            assertThat(seen).containsExactly(0, 1);
        }
    }

    private static void add(Connection other) {
        try {
            other.createStatement().executeUpdate("UPDATE accounts SET amount = amount + 1 WHERE id = 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_lock_that_is_not_had_in_time_leaves_nothing_of_the_attempt() throws Exception {
        var attempts = new AtomicInteger();
        try (var holder = source.getConnection()) {
            holder.setAutoCommit(false);
            holder.createStatement().executeUpdate("UPDATE accounts SET amount = 7 WHERE id = 2");

            transactions.runWithoutResult(() -> {
                int attempt = attempts.incrementAndGet();
                sql.update("INSERT INTO accounts VALUES (?, 0)", 10 + attempt);
                if (attempt == 2) {
                    rollBack(holder);
                }
                sql.update("UPDATE accounts SET amount = amount + 1 WHERE id = 2");
            });
        }

        assertThat(attempts).hasValue(2);
        assertThat(sql.queryForList("SELECT id FROM accounts ORDER BY id", Integer.class))
                .as("the first attempt's row 11 is gone")
                .containsExactly(1, 2, 12);
    }

    private static void rollBack(Connection holder) {
        try {
            holder.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_refusal_is_not_tried_again_and_leaves_nothing() {
        var attempts = new AtomicInteger();

        Throwable refused = catchThrowable(() -> transactions.runWithoutResult(() -> {
            attempts.incrementAndGet();
            sql.update("INSERT INTO accounts VALUES (3, 0)");
            sql.update("INSERT INTO accounts VALUES (1, 0)");
        }));

        assertThat(refused).isInstanceOf(DuplicateKeyException.class);
        assertThat(attempts).hasValue(1);
        assertThat(sql.queryForObject("SELECT COUNT(*) FROM accounts", Integer.class))
                .isEqualTo(2);
    }

    @Test
    void a_migration_runs_twice_without_effect_and_shapes_are_read() {
        try (AdminDatabase admin = AdminDatabase.open(source, source.getUsername(), source.getPassword())) {
            Migration.run(admin, "local");
            Migration.run(admin, "local");

            TableShape orders = new TableShapes(admin.jdbc()).find("orders").orElseThrow();
            assertThat(orders.columns())
                    .extracting(Column::name)
                    .containsExactly("id", "user_id", "amount", "status", "updated_at");
            assertThat(orders.key()).extracting(Column::name).containsExactly("id");
            assertThat(orders.transactional()).isTrue();
            assertThat(new TableShapes(admin.jdbc()).find("nowhere")).isEmpty();
        }
    }
}
