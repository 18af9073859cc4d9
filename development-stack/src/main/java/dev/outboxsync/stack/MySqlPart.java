package dev.outboxsync.stack;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A MySQL of the stack's own on a port of 127.0.0.1, with a root of a known password, whatever runs it. */
public abstract class MySqlPart extends StackPart implements MySqlServer {
    static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int VALID_SECONDS = 5;
    private static final int ACCESS_DENIED = 1045;

    /** What our own DBA would set, and what makes a server small. Every commit is flushed: kills lose nothing. */
    static final List<String> SETTINGS = List.of(
            "--mysqlx=OFF",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_0900_ai_ci",
            "--default-time-zone=+00:00",
            "--transaction-isolation=READ-COMMITTED",
            "--max-allowed-packet=64M",
            "--log-bin=binlog",
            "--server-id=1",
            "--gtid-mode=ON",
            "--enforce-gtid-consistency=ON",
            "--binlog-expire-logs-seconds=86400",
            "--max-binlog-size=64M",
            "--log-bin-trust-function-creators=1",
            "--sync-binlog=1",
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-buffer-pool-size=128M",
            // As MySQL 8.4 has them by default.
            "--innodb-adaptive-hash-index=OFF",
            "--innodb-change-buffering=none",
            "--innodb-redo-log-capacity=128M",
            "--performance-schema=OFF",
            "--max-connections=200",
            "--table-open-cache=400");

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Place place;
    private final String password;

    MySqlPart(Place place, String password) {
        super(START_LIMIT, STOP_LIMIT);
        if (!password.matches("[A-Za-z0-9_-]{8,}")) {
            throw new IllegalArgumentException("A password has 8 or more letters, digits, - and _");
        }
        this.place = place;
        this.password = password;
    }

    @Override
    public String name() {
        return place.name();
    }

    @Override
    boolean isReady() {
        if (!Ports.answers(place.port())) {
            return false;
        }
        try (Connection connection = root().connect()) {
            return connection.isValid(VALID_SECONDS);
        } catch (SQLException e) {
            if (e.getErrorCode() == ACCESS_DENIED) {
                throw new StackProblem(
                        "The data in " + place.data() + " was made with another password: put that"
                                + " password back, or delete the folder to begin with an empty database.",
                        e);
            }
            return false;
        }
    }

    public int port() {
        return place.port();
    }

    @Override
    public Database database(String schema) {
        if (!schema.matches("[a-z0-9_]{1,64}")) {
            throw new IllegalArgumentException("Not a schema's name: " + schema);
        }
        try (Connection connection = root().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE IF NOT EXISTS " + schema);
        } catch (SQLException e) {
            throw new StackProblem("The database " + schema + " cannot be created in " + place.name() + ".", e);
        }
        return root(schema);
    }

    @Override
    public Database freshDatabase() {
        return database("fresh_" + DATABASES.incrementAndGet());
    }

    /** The server itself, without a schema. */
    Database root() {
        return root("");
    }

    private Database root(String schema) {
        return new Database("jdbc:mysql://127.0.0.1:" + place.port() + "/" + schema, "root", password);
    }

    final Place place() {
        return place;
    }

    final String password() {
        return password;
    }
}
