package dev.outboxsync.local.order;

import dev.outboxsync.local.capture.Captured;
import dev.outboxsync.local.capture.CapturedWrites;
import dev.outboxsync.local.request.Preconditions;
import dev.outboxsync.mysql.Moments;
import dev.outboxsync.steering.problem.Problems;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.web.ErrorResponseException;

/** Table {@code orders}. Every id that is not there is refused, 404. */
@Repository
class Orders {
    private static final String INSERT =
            "INSERT INTO orders (user_id, amount, status) VALUES (:userId, :amount, :status)";
    // Sets the time itself: a PUT of what is there already is a change too, and travels like one.
    private static final String UPDATE = """
            UPDATE orders
            SET user_id = :userId, amount = :amount, status = :status, updated_at = UTC_TIMESTAMP(6)
            WHERE id = :id
            """;
    private static final String DELETE = "DELETE FROM orders WHERE id = :id";
    private static final String READ = """
            SELECT id, user_id, amount, status, updated_at FROM orders
            WHERE id = :id
            """;
    private static final String LOCK = READ + " FOR UPDATE";
    private static final String LIST = """
            SELECT id, user_id, amount, status, updated_at FROM orders
            WHERE id > :after
            ORDER BY id
            LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final CapturedWrites writes;
    private final Preconditions preconditions;

    Orders(JdbcClient jdbc, CapturedWrites writes, Preconditions preconditions) {
        this.jdbc = jdbc;
        this.writes = writes;
        this.preconditions = preconditions;
    }

    Captured<Order> insert(OrderFields fields) {
        return writes.runOnce(fields, Order.class, () -> {
            var keys = new GeneratedKeyHolder();
            bound(INSERT, fields).update(keys);
            return find(Objects.requireNonNull(keys.getKey()).longValue());
        });
    }

    Captured<Order> replace(long id, OrderFields fields) {
        return writes.run(() -> {
            preconditions.demand(() -> lock(id).version());
            demand(bound(UPDATE, fields).param("id", id).update() == 1);
            return find(id);
        });
    }

    Captured<Long> delete(long id) {
        return writes.run(() -> {
            preconditions.demand(() -> lock(id).version());
            demand(jdbc.sql(DELETE).param("id", id).update() == 1);
            return id;
        });
    }

    Order find(long id) {
        return jdbc.sql(READ).param("id", id).query(Orders::order).optional().orElseThrow(Orders::unknown);
    }

    private Order lock(long id) {
        return jdbc.sql(LOCK).param("id", id).query(Orders::order).optional().orElseThrow(Orders::unknown);
    }

    List<Order> list(long after, int limit) {
        return jdbc.sql(LIST)
                .param("after", after)
                .param("limit", limit)
                .query(Orders::order)
                .list();
    }

    private JdbcClient.StatementSpec bound(String statement, OrderFields fields) {
        return jdbc.sql(statement)
                .param("userId", fields.userId())
                .param("amount", fields.amount())
                .param("status", fields.status());
    }

    private static void demand(boolean isThere) {
        if (!isThere) {
            throw unknown();
        }
    }

    private static ErrorResponseException unknown() {
        return Problems.of(
                HttpStatus.NOT_FOUND, "There is no order with this id. Look for the right one in GET /orders.");
    }

    private static Order order(ResultSet row, int number) throws SQLException {
        return new Order(
                row.getLong("id"),
                row.getLong("user_id"),
                row.getBigDecimal("amount"),
                row.getString("status"),
                Moments.find(row, "updated_at"));
    }
}
