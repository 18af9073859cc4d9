package dev.outboxsync.stack;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How a story is told: step by step, until one does not hold. */
final class Telling {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Telling() {}

    record Step(String title, Runnable deed) {}

    /** Returns whether every step held; the first that does not ends the telling. */
    static boolean tell(List<Step> steps, DemoStack stack, Screen screen) {
        for (int i = 0; i < steps.size(); i++) {
            screen.heading(i + 1, steps.get(i).title());
            try {
                steps.get(i).deed().run();
            } catch (StepFailed failed) {
                screen.problem("    FAILED  " + failed.getMessage());
                screen.problem("Step " + (i + 1) + " did not hold. Logs: "
                        + stack.directions().logs() + ".");
                return false;
            }
        }
        screen.line("");
        screen.line("Every step held.");
        return true;
    }

    static void demand(boolean held, String otherwise) {
        if (!held) {
            throw new StepFailed(otherwise);
        }
    }

    static void await(String what, BooleanSupplier question) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!question.getAsBoolean()) {
            demand(System.nanoTime() < deadline, "not within " + LIMIT.toSeconds() + " s: " + what);
            pause(PAUSE);
        }
    }

    static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed("Interrupted");
        }
    }
}
