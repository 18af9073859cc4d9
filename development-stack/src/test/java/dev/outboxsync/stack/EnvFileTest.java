package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
    @TempDir
    Path folder;

    @Test
    void a_shell_and_we_read_back_what_was_written() throws IOException {
        Path file = folder.resolve("env");
        String hostile = "it's */2 $HOME `id` \"quoted\" \\";

        EnvFile.write(file, Map.of("NAME", hostile));

        assertThat(EnvFile.read(file)).isEqualTo(Map.of("NAME", hostile));
        Process shell = new ProcessBuilder("sh", "-c", ". ./env; printf %s \"$NAME\"")
                .directory(folder.toFile())
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(hostile);
    }

    @Test
    void a_missing_file_is_empty() {
        assertThat(EnvFile.read(folder.resolve("none"))).isEmpty();
    }
}
