package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    @Test
    void a_child_dies_with_its_parent_even_if_that_is_killed() throws IOException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .start();
        long child;
        try (BufferedReader output = parent.inputReader()) {
            child = Long.parseLong(output.readLine());
            assertThat(runs(child)).isTrue();

            parent.destroyForcibly();
        }

        await().atMost(LIMIT).until(() -> !runs(child));
    }

    @Test
    void a_child_that_ends_too_early_is_a_sentence_with_its_last_words() {
        ServerProcess process = start("dying", "echo the reason; exit 3");

        assertThatThrownBy(() -> process.awaitReady(() -> false, LIMIT))
                .isInstanceOf(StackProblem.class)
                .hasMessageStartingWith("dying ended while it started (exit code 3).")
                .hasMessageEndingWith("the reason");
    }

    @Test
    void a_child_that_does_not_get_ready_is_ended() {
        ServerProcess process = start("idle", "exec sleep 600");

        assertThatThrownBy(() -> process.awaitReady(() -> false, Duration.ofMillis(10)))
                .isInstanceOf(StackProblem.class)
                .hasMessageStartingWith("idle was not ready within 0 s.");

        assertThat(runs(process.pid())).isFalse();
    }

    @Test
    void a_child_that_will_not_stop_is_killed() {
        ServerProcess process = start("deaf", "trap '' TERM; echo deaf now; exec sleep 600");
        process.awaitReady(() -> contentOf("deaf.log").contains("deaf now"), LIMIT);

        process.stop(Duration.ofMillis(500));

        assertThat(runs(process.pid())).isFalse();
    }

    private static String contentOf(String log) {
        try {
            return Files.readString(folder.resolve(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerProcess start(String name, String script) {
        Path log = folder.resolve(name + ".log");
        return ServerProcess.start(name, List.of("bash", "-c", script), folder, log, Map.of());
    }

    /** A zombie that nobody buries runs no more. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    /** A JVM of its own with one child; says the child's number and waits for its own end. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            ServerProcess child = ServerProcess.start(
                    "child", List.of("sleep", "600"), folder, folder.resolve("child.log"), Map.of());
            System.out.println(child.pid());
            new CountDownLatch(1).await();
        }
    }
}
