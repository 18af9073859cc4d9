package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folder that a stack lives in ({@code .stack}): {@code data}, {@code logs}, {@code run} with a pid file for each
 * process, {@code env}. One stack at a time holds it.
 */
final class StackFolder implements AutoCloseable {
    private static final long END_SECONDS = 15;

    private final Path root;
    private final FileChannel lock;

    private StackFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Takes the folder for this stack, or says who has it. */
    static StackFolder take(Path root) {
        Folders.create(root.resolve("data"));
        Folders.create(root.resolve("logs"));
        Folders.create(root.resolve("run"));
        Path file = root.resolve("run/stack.lock");
        try {
            // Below lie passwords, and the rows of both databases.
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locks(channel)) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new StackProblem("A stack runs in " + root + " already (process " + holder
                        + "): end it with Ctrl-C where it runs, or with `kill " + holder + "`.");
            }
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            return new StackFolder(root, channel);
        } catch (IOException e) {
            throw new StackProblem("The folder " + root + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisJvm) {
            return false;
        }
    }

    /** Where a server keeps its data and its log. */
    Place server(String name, int port) {
        return new Place(name, data().resolve(name), log(name), port);
    }

    /** Where a service works and logs. */
    Place service(String name, int port) {
        return new Place(name, root, log(name), port);
    }

    Path data() {
        return root.resolve("data");
    }

    Path env() {
        return root.resolve("env");
    }

    /** Forgets everything that earlier runs have stored. */
    void forgetData() {
        Folders.delete(data());
        Folders.create(data());
    }

    /** Logs tell of one run of the stack. */
    void beginLogs() {
        Folders.delete(root.resolve("logs"));
        Folders.create(root.resolve("logs"));
    }

    /** In one step: who reads the file finds a number in it. */
    void writePid(String name, long pid) {
        Path file = pidFile(name);
        Path written = file.resolveSibling(name + ".new");
        try {
            Files.writeString(written, pid + "\n");
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StackProblem("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    void removePid(String name) {
        Folders.delete(pidFile(name));
    }

    /** Ends the processes that a stack which was itself killed has left here; returns their names. */
    List<String> endOrphans() {
        try (Stream<Path> files = Files.list(root.resolve("run"))) {
            List<String> ended = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".pid")).toList()) {
                Optional<ProcessHandle> orphan = processIn(file).filter(this::isOurs);
                if (orphan.isPresent()) {
                    end(orphan.get());
                    ended.add(file.getFileName().toString().replace(".pid", ""));
                }
                Files.delete(file);
            }
            return ended;
        } catch (IOException e) {
            throw new StackProblem("The folder " + root.resolve("run") + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<ProcessHandle> processIn(Path pidFile) throws IOException {
        String pid = Files.readString(pidFile).strip();
        return pid.matches("[0-9]{1,9}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    /** A number in a file may by now be anyone's: ours run Java or MySQL and work inside this folder. */
    private boolean isOurs(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            String program = proc.resolve("exe").toRealPath().getFileName().toString();
            return proc.resolve("cwd").toRealPath().startsWith(root.toRealPath())
                    && (program.equals("java") || program.equals("mysqld"));
        } catch (IOException goneOrAnothers) {
            return false;
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        awaitEnd(process);
        process.destroyForcibly();
        awaitEnd(process);
    }

    /** With a limit: a dead process whom nobody buries, as in a container without an init, is there for ever. */
    private static void awaitEnd(ProcessHandle process) {
        process.onExit()
                .completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private Path log(String name) {
        return root.resolve("logs").resolve(name + ".log");
    }

    private Path pidFile(String name) {
        return root.resolve("run").resolve(name + ".pid");
    }

    /** Lets another stack have the folder. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new StackProblem("The folder " + root + " cannot be released: " + e.getMessage(), e);
        }
    }
}
