package dev.outboxsync.stack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server that the stack runs as a process or a container of its own. Stop, kill and start may follow each other for ever; what it
 * has stored and its port stay the same. One thread at a time starts it; any may stop or kill it.
 */
public abstract class StackPart implements AutoCloseable {
    private final Duration startLimit;
    private final Duration stopLimit;
    private volatile @Nullable RunningPart running;

    StackPart(Duration startLimit, Duration stopLimit) {
        this.startLimit = startLimit;
        this.stopLimit = stopLimit;
    }

    /** What logs, files and sentences call it. */
    public abstract String name();

    /** Starts it; it need not serve yet. */
    abstract RunningPart launch();

    /** Whether it serves now. */
    abstract boolean isReady();

    /** It serves: what only its start needed can go. */
    void afterStart() {}

    /** Returns when it serves; throws a {@link StackProblem} that says what to do if it does not come up. */
    public final void start() {
        awaitReady(begin());
    }

    /** Starts the process without waiting until it serves. */
    final RunningPart begin() {
        RunningPart process = launch();
        running = process;
        return process;
    }

    final void awaitReady(RunningPart process) {
        process.awaitReady(this::isReady, startLimit);
        afterStart();
    }

    /** Ends it in good order, or kills it when that takes too long; returns when it is gone. */
    public final void stop() {
        RunningPart process = running;
        if (process != null) {
            process.stop(stopLimit);
        }
    }

    /** Ends it as {@code kill -9} does; returns when it is gone. */
    public final void kill9() {
        RunningPart process = running;
        if (process != null) {
            process.kill9();
        }
    }

    @Override
    public final void close() {
        stop();
    }

    /** The process of the last start, running or not; null before the first. */
    final @Nullable RunningPart process() {
        return running;
    }
}
