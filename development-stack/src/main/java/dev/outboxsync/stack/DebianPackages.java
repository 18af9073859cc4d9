package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Packages of this machine's Debian or Ubuntu, downloaded and unpacked into a folder without root. */
final class DebianPackages {
    static final String LOG = "apt.log";

    private static final long LIMIT_SECONDS = 180;

    private final Path folder;
    private final Path log;

    /** Everything, apt's own state included, is kept below the folder. */
    DebianPackages(Path folder) {
        this.folder = folder;
        this.log = folder.resolve(LOG);
    }

    /**
     * Unpacks the first package that exists of each list of names, and returns the root of the tree. What went wrong on
     * the way stands in the log; the caller sees it by what is missing.
     */
    @SafeVarargs
    final Path unpack(List<String>... packages) throws IOException {
        Path debs = Files.createDirectory(folder.resolve("debs"));
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.createDirectories(folder.resolve("state/lists/partial"));
        Files.createDirectories(folder.resolve("cache/archives/partial"));
        if (run(debs, apt("update"))) {
            for (List<String> names : packages) {
                downloadFirst(names, debs);
            }
        }
        try (Stream<Path> files = Files.list(debs)) {
            for (Path deb : files.toList()) {
                run(debs, List.of("dpkg", "-x", deb.toString(), root.toString()));
            }
        }
        return root;
    }

    private void downloadFirst(List<String> names, Path debs) throws IOException {
        for (String name : names) {
            if (run(debs, apt("download", name))) {
                return;
            }
        }
    }

    private List<String> apt(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "apt-get",
                "-qq",
                "-o",
                "Dir::State=" + folder.resolve("state"),
                "-o",
                "Dir::State::status=/var/lib/dpkg/status",
                "-o",
                "Dir::Cache=" + folder.resolve("cache"),
                // Root's apt would otherwise download as a user who may not write here.
                "-o",
                "APT::Sandbox::User="));
        command.addAll(List.of(arguments));
        return command;
    }

    private boolean run(Path directory, List<String> command) throws IOException {
        try {
            return exitCode(new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())))
                    == 0;
        } catch (IOException noSuchProgram) {
            Files.writeString(log, noSuchProgram.getMessage() + "\n");
            return false;
        }
    }

    /** Runs the program to its end; one that takes longer than three minutes is killed. */
    static int exitCode(ProcessBuilder program) throws IOException {
        Process process = program.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while " + program.command().get(0) + " ran", e);
        }
    }
}
