package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A MySQL 8.0 of our own on 127.0.0.1, as a child process. Data and port stay the same over stop, kill and start, and
 * every acknowledged commit survives a kill.
 */
public final class PrivateMySql extends MySqlPart {
    private static final List<String> OF_A_PROCESS = List.of(
            "--bind-address=127.0.0.1",
            // Without names to look up, 127.0.0.1 is 127.0.0.1, however this machine's resolver is set up.
            "--skip-name-resolve",
            // No socket: its path must be shorter than 108 characters, and a clone may lie deeper.
            "--socket=",
            // The kernel's asynchronous I/O is a scarce resource of the whole machine, and this is a small server.
            "--innodb-use-native-aio=OFF");

    private final Place place;
    private final List<String> more;

    /** The password is the one of root; on existing data it must be the one that the data was made with. */
    public PrivateMySql(Place place, String password) {
        this(place, password, List.of());
    }

    /** With more arguments for the server, which win over the usual ones. */
    public PrivateMySql(Place place, String password, List<String> more) {
        super(place, password);
        this.place = place;
        this.more = List.copyOf(more);
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
                """.formatted(password()));
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
        command.addAll(OF_A_PROCESS);
        command.addAll(more);
        command.addAll(arguments);
        return ServerProcess.start(place.name(), command, data, place.log(), home.environment());
    }
}
