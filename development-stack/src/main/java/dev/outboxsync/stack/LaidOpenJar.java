package dev.outboxsync.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A service's executable jar laid open beside it, and the JVM's archive of the classes that a start loads: with them a start
 * costs half (decision 29). The archive is left behind by the first run that ends in good order, for the runs after it.
 */
final class LaidOpenJar {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** One run is enough to leave an archive, and writing it takes seconds. */
    private static final Set<Path> RECORDED = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path jar;
    private final Path archive;
    private final Path unfinished;

    private LaidOpenJar(Path folder, Path jar) {
        this.folder = folder;
        this.jar = folder.resolve(jar.getFileName());
        this.archive = folder.resolve("classes.jsa");
        this.unfinished = folder.resolve(
                "classes-%d-%d.jsa".formatted(ProcessHandle.current().pid(), System.nanoTime()));
    }

    /** Lays the jar open unless that was done before. Several JVMs may ask at once: one does it, the others wait. */
    static LaidOpenJar of(Path jar) {
        try {
            String name = jar.getFileName() + "-" + digest(jar);
            var open = new LaidOpenJar(jar.resolveSibling(name).toAbsolutePath(), jar);
            if (Files.notExists(open.folder)) {
                Alone.holding(jar.resolveSibling("laid-open.lock"), () -> open.makeAlone(jar));
            }
            return open;
        } catch (IOException e) {
            throw new StackProblem("The service's jar " + jar + " cannot be laid open: " + e.getMessage(), e);
        }
    }

    /**
     * How a JVM runs it.
     *
     * @param mayLeaveArchive false for one that records something else: it can do one of both only
     */
    List<String> command(List<String> options, boolean mayLeaveArchive) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(options);
        if (Files.exists(archive)) {
            command.add("-XX:SharedArchiveFile=" + archive);
        } else if (mayLeaveArchive && RECORDED.add(archive)) {
            command.add("-XX:ArchiveClassesAtExit=" + unfinished);
        }
        // what cannot be archived is not worth a line in the service's log
        command.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-jar", jar.toString()));
        return command;
    }

    /** The run has ended in good order. */
    void keepArchive() {
        try {
            if (Files.exists(unfinished)) {
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new StackProblem("The archive " + archive + " cannot be kept: " + e.getMessage(), e);
        }
    }

    private void makeAlone(Path jar) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        try (Stream<Path> siblings = Files.list(folder.getParent())) {
            siblings.filter(path -> path.getFileName().toString().startsWith(jar.getFileName() + "-"))
                    .forEach(Folders::delete);
        }
        Path half = Files.createTempDirectory(folder.getParent(), "laid-open-");
        List<String> command = List.of(
                JAVA,
                "-Djarmode=tools",
                "-jar",
                jar.toAbsolutePath().toString(),
                "extract",
                "--force",
                "--destination",
                half.toString());
        ServerProcess.start(
                        "Laying " + jar.getFileName() + " open", command, half, half.resolve("extract.log"), Map.of())
                .awaitSuccess(LIMIT);
        Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String digest(Path jar) throws IOException {
        try (InputStream bytes = Files.newInputStream(jar)) {
            var digest = new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"));
            bytes.transferTo(digest);
            return HexFormat.of().formatHex(digest.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
