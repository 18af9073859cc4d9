package dev.outboxsync.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A running child process whose output is appended to a log. It hears nothing of Ctrl-C, so that it ends in the order
 * its owner wants, and it dies with this JVM even if that is killed with -9. Safe for use by several threads.
 */
final class ServerProcess implements RunningPart {
    /**
     * In a session of its own, killed by the kernel when the thread that started it ends, and not begun at all if that
     * had ended before the kernel was told.
     */
    private static final List<String> BOUND_TO_THIS_JVM = List.of(
            "setsid",
            "setpriv",
            "--pdeathsig",
            "KILL",
            "--",
            "sh",
            "-c",
            "test $PPID = $0 && exec \"$@\"",
            Long.toString(ProcessHandle.current().pid()));

    /** One thread that never ends starts every child: the kernel's signal looks at the thread, not at the process. */
    private static final ExecutorService PARENT = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "parent-of-servers");
        thread.setDaemon(true);
        return thread;
    });

    /** No more: a name that a developer's shell happens to export must not become a service's setting. */
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int LAST_LINES = 8;

    private final String name;
    private final Path log;
    private final Process process;
    private volatile boolean stopped;

    private ServerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Starts the command in the folder. Of this JVM's environment it sees only what every program needs. */
    static ServerProcess start(
            String name, List<String> command, Path folder, Path log, Map<String, String> environment) {
        List<String> bound = new ArrayList<>(BOUND_TO_THIS_JVM);
        bound.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(bound)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        return new ServerProcess(name, log, spawn(name, builder));
    }

    private static Process spawn(String name, ProcessBuilder builder) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return builder.start();
                            } catch (IOException e) {
                                throw new StackProblem(name + " cannot be started: " + e.getMessage(), e);
                            }
                        },
                        PARENT)
                .join();
    }

    @Override
    public void awaitReady(BooleanSupplier ready, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (ended(PAUSE)) {
                throw new StackProblem(
                        name + " ended while it started (exit code " + process.exitValue() + ")." + why());
            }
            if (System.nanoTime() > deadline) {
                kill9();
                throw new StackProblem(name + " was not ready within " + limit.toSeconds() + " s." + why());
            }
        }
    }

    /** Returns when the process has ended by itself with exit code 0; otherwise says how it went. */
    void awaitSuccess(Duration limit) {
        if (!ended(limit)) {
            kill9();
            throw new StackProblem(name + " took longer than " + limit.toSeconds() + " s." + why());
        }
        if (process.exitValue() != 0) {
            throw new StackProblem(name + " failed with exit code " + process.exitValue() + "." + why());
        }
    }

    @Override
    public void stop(Duration limit) {
        stopped = true;
        process.destroy();
        if (!ended(limit)) {
            kill9();
        }
    }

    @Override
    public void kill9() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean wasStopped() {
        return stopped;
    }

    @Override
    public int awaitEnd() {
        return process.onExit().join().exitValue();
    }

    private boolean ended(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            kill9();
            Thread.currentThread().interrupt();
            throw new StackProblem("Interrupted while waiting for " + name + ".", e);
        }
    }

    private String why() {
        try {
            List<String> lines = Files.readAllLines(log);
            List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
            return " Its log " + log + " ends with:\n  " + String.join("\n  ", last);
        } catch (IOException unreadable) {
            return " Its log is " + log + ".";
        }
    }
}
