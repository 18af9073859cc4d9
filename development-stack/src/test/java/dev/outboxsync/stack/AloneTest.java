package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AloneTest {
    @TempDir
    Path folder;

    @Test
    void another_jvm_is_waited_for_until_it_has_done_its_work_or_was_killed() throws Exception {
        Path lockFile = folder.resolve("lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        lockFile.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(other.inputReader().readLine()).isEqualTo("held");

        var ours = CompletableFuture.supplyAsync(() -> {
            try {
                Alone.holding(lockFile, () -> {});
                return "done";
            } catch (IOException e) {
                return e.getMessage();
            }
        });

        await().during(Duration.ofMillis(500)).until(() -> !ours.isDone());
        other.destroyForcibly().waitFor();
        assertThat(ours.get()).isEqualTo("done");
    }

    /** Another JVM that never ends its work. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Alone.holding(Path.of(arguments[0]), () -> {
                System.out.println("held");
                System.in.read();
            });
        }
    }
}
