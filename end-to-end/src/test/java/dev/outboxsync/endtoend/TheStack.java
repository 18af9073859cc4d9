package dev.outboxsync.endtoend;

import dev.outboxsync.stack.DevelopmentStack;
import dev.outboxsync.stack.StackPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One stack for all end-to-end tests, started when first asked for: supervised, so that what a test kills comes back as
 * it would anywhere. A test leaves it drained.
 */
final class TheStack {
    private static final DevelopmentStack STACK = start();

    private TheStack() {}

    static DevelopmentStack running() {
        return STACK;
    }

    static Shop shop() {
        return new Shop(STACK.url(StackPlan.LOCAL_API), STACK.environment().get("SYNC_TOKEN"));
    }

    static Books books() {
        return new Books(STACK.databaseA(), STACK.databaseB());
    }

    /** Under target, so that the logs of a failed run are there to be read; each JVM of the tests has its own. */
    static Path folder() {
        return Path.of("target", "stack-" + ProcessHandle.current().pid());
    }

    private static DevelopmentStack start() {
        Path folder = folder();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DevelopmentStack stack = DevelopmentStack.of(new StackPlan(folder)
                .freePorts()
                .startedOften()
                .fresh()
                .supervised()
                .setting(StackPlan.OUTBOX_RELAY, "SYNC_CRON", "* * * * * *")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_ACKNOWLEDGEMENTTIMEOUT", "10s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_LEASE", "8s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_SENDTIMEOUT", "5s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_CONNECTIVITYTIMEOUT", "2s")
                .setting(StackPlan.OUTBOX_RELAY, "RELAY_LONGESTPAUSE", "3s"));
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
        stack.start();
        return stack;
    }
}
