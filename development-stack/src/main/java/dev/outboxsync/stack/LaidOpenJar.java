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
import java.util.stream.Stream;

/**
 * A service's executable jar laid open beside it, and the JVM's archive of the classes that a start loads, where one was
 * made (decision 29).
 */
final class LaidOpenJar {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path folder;
    private final Path jar;
    private final Path archive;

    private LaidOpenJar(Path folder, Path jar) {
        this.folder = folder;
        this.jar = folder.resolve(jar.getFileName());
        this.archive = folder.resolve("classes.jsa");
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

    /** How a JVM runs it. */
    List<String> command(List<String> options) {
        return Files.exists(archive)
                ? command(options, "-XX:SharedArchiveFile=" + archive)
                : command(options, "-Xshare:auto");
    }

    /**
     * Makes the archive unless that was done before, by a start that ends before it serves: some 15 s of work, and each
     * start after it costs 4 s less. Several JVMs may ask at once: one does it, the others wait.
     */
    void makeArchive(List<String> options, Map<String, String> environment) {
        try {
            if (Files.notExists(archive)) {
                Alone.holding(folder.resolve("archive.lock"), () -> archiveAlone(options, environment));
            }
        } catch (IOException e) {
            throw new StackProblem("The archive " + archive + " cannot be made: " + e.getMessage(), e);
        }
    }

    private void archiveAlone(List<String> options, Map<String, String> environment) throws IOException {
        if (Files.exists(archive)) {
            return;
        }
        Path unfinished = folder.resolve("unfinished.jsa");
        List<String> training = new ArrayList<>(options);
        training.add("-Dspring.context.exit=onRefresh");
        ServerProcess.start(
                        "Archiving the classes of " + jar.getFileName(),
                        command(training, "-XX:ArchiveClassesAtExit=" + unfinished),
                        folder,
                        folder.resolve("archive.log"),
                        environment)
                .awaitSuccess(LIMIT);
        Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> command(List<String> options, String sharing) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(options);
        command.add(sharing);
        // what cannot be archived is not worth a line in the service's log
        command.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-jar", jar.toString()));
        return command;
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
