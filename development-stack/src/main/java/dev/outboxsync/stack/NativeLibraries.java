package dev.outboxsync.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The shared libraries that MySQL's server is linked with and a bare machine lacks (libaio.so.1, libnuma.so.1), kept in
 * a folder of the cache. Several JVMs may ask at once: one fetches, the others wait.
 */
final class NativeLibraries {
    private static final String LIBAIO = "libaio.so.1";

    /** Debian 13 and Ubuntu 24.04 have renamed package and file; the library is the same. */
    private static final String LIBAIO_RENAMED = "libaio.so.1t64";

    private static final List<String> SYSTEM_FOLDERS = List.of("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu");

    private final Path cache;
    private final Path folder;

    NativeLibraries(Path cache) {
        this.cache = cache;
        this.folder = cache.resolve("native-libraries");
    }

    /** The folder for LD_LIBRARY_PATH with which the server starts; fetched from the distribution's archive if need be. */
    Path completeFor(Path mysqld) {
        try {
            if (!starts(mysqld, folder)) {
                Alone.holding(cache.resolve("native-libraries.lock"), () -> completeAlone(mysqld));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void completeAlone(Path mysqld) throws IOException {
        if (starts(mysqld, folder)) {
            return;
        }
        Path work = Files.createTempDirectory(cache, "native-libraries-");
        try {
            complete(mysqld, work);
        } finally {
            Folders.delete(work);
        }
    }

    private void complete(Path mysqld, Path work) throws IOException {
        Path found = Files.createDirectory(work.resolve("found"));
        collect(Path.of("/"), LIBAIO_RENAMED, found);
        if (!starts(mysqld, found)) {
            Path packages = new DebianPackages(work).unpack(List.of("libaio1t64", "libaio1"), List.of("libnuma1"));
            collect(packages, "libaio.so*", found);
            collect(packages, "libnuma.so*", found);
        }
        if (!starts(mysqld, found)) {
            Path log = cache.resolve("native-libraries.log");
            Files.copy(work.resolve(DebianPackages.LOG), log, StandardCopyOption.REPLACE_EXISTING);
            throw new StackProblem("MySQL needs the libraries libaio.so.1 and libnuma.so.1, which could not be fetched"
                    + " without root (see " + log + "): run `sudo apt-get install libaio1 libnuma1` (on Debian 13 and"
                    + " Ubuntu 24.04 `libaio1t64 libnuma1`) and start again.");
        }
        Folders.delete(folder);
        Files.move(found, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void collect(Path root, String pattern, Path into) throws IOException {
        for (String system : SYSTEM_FOLDERS) {
            if (Files.isDirectory(root.resolve(system))) {
                try (Stream<Path> files = Files.list(root.resolve(system))) {
                    var matcher = root.getFileSystem().getPathMatcher("glob:" + pattern);
                    for (Path file :
                            files.filter(f -> matcher.matches(f.getFileName())).toList()) {
                        String name = file.getFileName().toString();
                        Path copy = into.resolve(name.equals(LIBAIO_RENAMED) ? LIBAIO : name);
                        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    /** Tried, not looked up: only the loader knows what is missing. */
    private static boolean starts(Path mysqld, Path libraries) throws IOException {
        ProcessBuilder version = new ProcessBuilder(mysqld.toString(), "--no-defaults", "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        version.environment().put("LD_LIBRARY_PATH", libraries.toString());
        return DebianPackages.exitCode(version) == 0;
    }
}
