package dev.outboxsync.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The unpacked MySQL of this user, ready to run: its programs and the libraries they need. */
record MySqlHome(Path folder, Path nativeLibraries) {
    private static final String VERSION = "8.0.33";

    private static final List<String> OF_A_PROCESS = List.of(
            "--bind-address=127.0.0.1",
            // Without names to look up, 127.0.0.1 is 127.0.0.1, however this machine's resolver is set up.
            "--skip-name-resolve",
            // No socket: its path must be shorter than 108 characters, and a clone may lie deeper.
            "--socket=",
            // The kernel's asynchronous I/O is a scarce resource of the whole machine, and this is a small server.
            "--innodb-use-native-aio=OFF");

    /**
     * Finds MySQL where the build has unpacked it, and completes the libraries that this machine lacks, which may
     * download them (some seconds, once). Otherwise a {@link StackProblem} says what to do.
     */
    static MySqlHome find() {
        demandSupportedPlatform();
        Path folder = cache().resolve("mysql-" + VERSION);
        if (Files.notExists(folder.resolve("complete"))) {
            throw new StackProblem("MySQL " + VERSION + " is not unpacked in " + folder
                    + ": run `mvn -pl development-stack initialize` once.");
        }
        Path libraries = new NativeLibraries(cache()).completeFor(folder.resolve("bin/mysqld"));
        return new MySqlHome(folder, libraries);
    }

    /** Starts the server on the data; further arguments win over the usual ones. */
    ServerProcess start(String name, Path data, Path log, List<String> more) {
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("bin/mysqld").toString(),
                "--no-defaults",
                "--basedir=" + folder,
                "--datadir=" + data,
                // Root must say that root is meant.
                "--user=" + System.getProperty("user.name")));
        command.addAll(MySqlPart.SETTINGS);
        command.addAll(OF_A_PROCESS);
        command.addAll(more);
        return ServerProcess.start(name, command, data, log, Map.of("LD_LIBRARY_PATH", nativeLibraries.toString()));
    }

    /** The same folder as in this module's pom.xml. */
    static Path cache() {
        String elsewhere = System.getenv("OUTBOX_SYNC_CACHE");
        return elsewhere != null ? Path.of(elsewhere) : Path.of(System.getProperty("user.home"), ".cache/outbox-sync");
    }

    private static void demandSupportedPlatform() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.equals("Linux amd64")) {
            throw new StackProblem("The embedded MySQL runs on Linux x86_64 only, and this is " + platform
                    + ": use the containers (docker compose) instead.");
        }
    }
}
