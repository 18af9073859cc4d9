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
    private final Place place;
    private final List<String> more;

    /** Statements that make the accounts. While the file is there, a start runs them, so a kill cannot come between. */
    private final Path accounts;

    /** The password is the one of root; on existing data it must be the one that the data was made with. */
    public PrivateMySql(Place place, String password) {
        this(place, password, List.of());
    }

    /** With more arguments for the server, which win over the usual ones. */
    public PrivateMySql(Place place, String password, List<String> more) {
        super(place, password);
        this.place = place;
        this.more = List.copyOf(more);
        this.accounts = beside(".accounts.sql");
    }

    /** Makes the data first if there is none. */
    @Override
    ServerProcess launch() {
        place.demandFreePort();
        MySqlHome home = MySqlHome.find();
        List<String> arguments = new ArrayList<>(more);
        arguments.add("--port=" + place.port());
        try {
            if (Files.notExists(place.data())) {
                makeData(new MySqlTemplate(home, MySqlHome.cache()));
            }
            if (Files.exists(accounts)) {
                MySqlTemplate.forgetServer(place.data());
                arguments.add("--init-file=" + accounts);
            }
        } catch (IOException e) {
            throw new StackProblem(
                    "The data of " + place.name() + " cannot be made in " + place.data() + ": " + e.getMessage(), e);
        }
        return home.start(place.name(), place.data(), place.log(), arguments);
    }

    /** Makes the data beside its place and moves it there when it is whole: an interrupted start leaves nothing behind. */
    private void makeData(MySqlTemplate template) throws IOException {
        Path unfinished = beside(".unfinished");
        Folders.delete(unfinished);
        Folders.create(unfinished);
        writeAccounts();
        template.copyTo(unfinished);
        Files.move(unfinished, place.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    /** MySQL runs the statements before it serves anybody. A start after a kill runs them again, hence the IF NOT EXISTS. */
    private void writeAccounts() throws IOException {
        Files.deleteIfExists(accounts);
        Files.createFile(accounts, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(accounts, """
                SET sql_log_bin = 0;
                ALTER USER root@localhost IDENTIFIED BY '%1$s';
                CREATE USER IF NOT EXISTS root@'127.0.0.1' IDENTIFIED BY '%1$s';
                GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
                """.formatted(password()));
    }

    /** It has made the accounts. */
    @Override
    void afterStart() {
        Folders.delete(accounts);
    }

    private Path beside(String suffix) {
        return place.data().resolveSibling(place.data().getFileName() + suffix);
    }
}
