package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A MySQL 8.0 of our own on 127.0.0.1, as a child process. Data and port stay the same over stop, kill and start, and
 * every acknowledged commit survives a kill.
 */
public final class PrivateMySql extends StackPart implements MySqlServer {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final int VALID_SECONDS = 5;
    private static final int ACCESS_DENIED = 1045;

    /** What our own DBA would set, and what makes a server small. Every commit is flushed: kills lose nothing. */
    private static final List<String> SETTINGS = List.of(
            "--bind-address=127.0.0.1",
            // Without names to look up, 127.0.0.1 is 127.0.0.1, however this machine's resolver is set up.
            "--skip-name-resolve",
            // No socket: its path must be shorter than 108 characters, and a clone may lie deeper.
            "--socket=",
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
            // The kernel's asynchronous I/O is a scarce resource of the whole machine, and this is a small server.
            "--innodb-use-native-aio=OFF",
            "--innodb-buffer-pool-size=128M",
            "--innodb-redo-log-capacity=128M",
            "--performance-schema=OFF",
            "--max-connections=200",
            "--table-open-cache=400");

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Place place;
    private final String password;

    /** The password is the one of root; on existing data it must be the one that the data was made with. */
    public PrivateMySql(Place place, String password) {
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

    /** Makes the data first if there is none. */
    @Override
    ServerProcess launch() {
        place.demandFreePort();
        MySqlHome home = MySqlHome.find();
        try {
            if (Files.notExists(place.data())) {
                initialize(home);
            }
        } catch (IOException e) {
            throw new StackProblem(
                    "The data of " + place.name() + " cannot be made in " + place.data() + ": " + e.getMessage(), e);
        }
        return launch(home, place.data(), List.of("--port=" + place.port()));
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

    /** Makes the data beside its place and moves it there when it is whole: an interrupted start leaves nothing behind. */
    private void initialize(MySqlHome home) throws IOException {
        Path unfinished = place.data().resolveSibling(place.data().getFileName() + ".unfinished");
        Path accounts = place.data().resolveSibling(place.data().getFileName() + ".accounts.sql");
        Folders.delete(unfinished);
        Folders.create(unfinished);
        Files.deleteIfExists(accounts);
        Files.createFile(accounts, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(accounts, """
                ALTER USER root@localhost IDENTIFIED BY '%1$s';
                CREATE USER root@'127.0.0.1' IDENTIFIED BY '%1$s';
                GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
                """.formatted(password));
        ServerProcess initializing =
                launch(home, unfinished, List.of("--initialize-insecure", "--init-file=" + accounts));
        initializing.awaitSuccess(START_LIMIT);
        Files.delete(accounts);
        Files.move(unfinished, place.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private ServerProcess launch(MySqlHome home, Path data, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                home.mysqld(),
                "--no-defaults",
                "--basedir=" + home.folder(),
                "--datadir=" + data,
                // Root must say that root is meant.
                "--user=" + System.getProperty("user.name")));
        command.addAll(SETTINGS);
        command.addAll(arguments);
        return ServerProcess.start(place.name(), command, data, place.log(), home.environment());
    }
}
