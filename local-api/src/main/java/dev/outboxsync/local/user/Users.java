package dev.outboxsync.local.user;

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

/** Table {@code users}. Every id that is not there is refused, 404. */
@Repository
class Users {
    private static final String INSERT = "INSERT INTO users (name, email) VALUES (:name, :email)";
    // Sets the time itself: a PUT of what is there already is a change too, and travels like one.
    private static final String UPDATE = """
            UPDATE users
            SET name = :name, email = :email, updated_at = UTC_TIMESTAMP(6)
            WHERE id = :id
            """;
    private static final String DELETE = "DELETE FROM users WHERE id = :id";
    private static final String READ = "SELECT id, name, email, updated_at FROM users WHERE id = :id";
    private static final String LOCK = READ + " FOR UPDATE";
    private static final String LIST = """
            SELECT id, name, email, updated_at FROM users
            WHERE id > :after
            ORDER BY id
            LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final CapturedWrites writes;
    private final Preconditions preconditions;

    Users(JdbcClient jdbc, CapturedWrites writes, Preconditions preconditions) {
        this.jdbc = jdbc;
        this.writes = writes;
        this.preconditions = preconditions;
    }

    Captured<User> insert(UserFields fields) {
        return writes.runOnce(fields, User.class, () -> {
            var keys = new GeneratedKeyHolder();
            jdbc.sql(INSERT)
                    .param("name", fields.name())
                    .param("email", fields.email())
                    .update(keys);
            return find(Objects.requireNonNull(keys.getKey()).longValue());
        });
    }

    Captured<User> replace(long id, UserFields fields) {
        return writes.run(() -> {
            preconditions.demand(() -> lock(id).version());
            int matched = jdbc.sql(UPDATE)
                    .param("id", id)
                    .param("name", fields.name())
                    .param("email", fields.email())
                    .update();
            demand(matched == 1);
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

    User find(long id) {
        return jdbc.sql(READ).param("id", id).query(Users::user).optional().orElseThrow(Users::unknown);
    }

    private User lock(long id) {
        return jdbc.sql(LOCK).param("id", id).query(Users::user).optional().orElseThrow(Users::unknown);
    }

    List<User> list(long after, int limit) {
        return jdbc.sql(LIST)
                .param("after", after)
                .param("limit", limit)
                .query(Users::user)
                .list();
    }

    private static void demand(boolean isThere) {
        if (!isThere) {
            throw unknown();
        }
    }

    private static ErrorResponseException unknown() {
        return Problems.of(
                HttpStatus.NOT_FOUND, "There is no user with this id. Look for the right one in GET /users.");
    }

    private static User user(ResultSet row, int number) throws SQLException {
        return new User(
                row.getLong("id"), row.getString("name"), row.getString("email"), Moments.find(row, "updated_at"));
    }
}
