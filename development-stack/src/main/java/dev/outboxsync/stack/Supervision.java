package dev.outboxsync.stack;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A restart policy: a process that ends though nobody stopped it is started again after a pause, which doubles from one
 * second to half a minute while it keeps dying. Safe for use by several threads.
 */
final class Supervision implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Who has lived longer than this is no longer said to keep dying. */
    private static final Duration LONG_LIFE = Duration.ofSeconds(60);

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<StackPart, Duration> nextPauses = new ConcurrentHashMap<>();
    private final Consumer<StackPart> starter;
    private final Consumer<String> announcements;

    /** The starter starts a part's process again and has it watched; it may fail with a {@link StackProblem}. */
    Supervision(Consumer<StackPart> starter, Consumer<String> announcements) {
        this.starter = starter;
        this.announcements = announcements;
    }

    /** From now on a thread follows the process to its end. */
    void watch(StackPart part, RunningPart process) {
        long begun = System.nanoTime();
        Thread follower = new Thread(
                () -> {
                    int exitCode = process.awaitEnd();
                    if (System.nanoTime() - begun > LONG_LIFE.toNanos()) {
                        nextPauses.remove(part);
                    }
                    startAgain(part, process, "ended with exit code " + exitCode);
                },
                "supervision-of-" + part.name());
        follower.setDaemon(true);
        follower.start();
    }

    private void startAgain(StackPart part, RunningPart dead, String how) {
        String why = how;
        while (isMissing(part, dead) && closing.getCount() > 0) {
            Duration pause = nextPauses.getOrDefault(part, FIRST_PAUSE);
            nextPauses.put(part, doubled(pause));
            announcements.accept(part.name() + " " + why + ": it is started again in " + pause.toSeconds() + " s.");
            if (isClosedWithin(pause)) {
                return;
            }
            try {
                if (isMissing(part, dead)) {
                    starter.accept(part);
                }
            } catch (StackProblem problem) {
                why = "cannot be started (" + problem.getMessage() + ")";
            }
        }
    }

    /** Nobody has stopped it, or started it again in the meantime. */
    private boolean isMissing(StackPart part, RunningPart dead) {
        return part.process() == dead && !dead.wasStopped();
    }

    private boolean isClosedWithin(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static Duration doubled(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Starts nothing any more. */
    @Override
    public void close() {
        closing.countDown();
    }
}
