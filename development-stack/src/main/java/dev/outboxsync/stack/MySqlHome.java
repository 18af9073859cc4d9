package dev.outboxsync.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The unpacked MySQL of this user, ready to run: its programs and the libraries they need. */
record MySqlHome(Path folder, Path nativeLibraries) {
    private static final String VERSION = "8.0.33";

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

    String mysqld() {
        return folder.resolve("bin/mysqld").toString();
    }

    Map<String, String> environment() {
        return Map.of("LD_LIBRARY_PATH", nativeLibraries.toString());
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
