package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaidOpenJarTest {
    private static final String USES_ARCHIVE = "-XX:SharedArchiveFile=";

    /** What an archive builds on; a JDK may lack it, and the JVM then goes on without any. */
    private static final Path OF_THE_JDK = Path.of(System.getProperty("java.home"), "lib", "server", "classes.jsa");

    @TempDir
    Path folder;

    @Test
    void a_start_loads_its_classes_from_the_archive_that_was_made() throws Exception {
        Path jar = jar("");

        LaidOpenJar.of(jar).makeArchive(List.of(), Map.of());

        assertThat(run(LaidOpenJar.of(jar).command(List.of("-Xlog:class+load"))))
                .contains(StandInService.class.getName() + " source: "
                        + (Files.exists(OF_THE_JDK) ? "shared objects file" : "file:"));
    }

    @Test
    void none_is_made_unasked() throws Exception {
        Path jar = jar("");

        run(LaidOpenJar.of(jar).command(List.of()));

        assertThat(LaidOpenJar.of(jar).command(List.of())).noneMatch(option -> option.startsWith(USES_ARCHIVE));
    }

    @Test
    void a_service_that_cannot_start_leaves_none_and_says_why() throws Exception {
        LaidOpenJar open = LaidOpenJar.of(jar(""));

        assertThatThrownBy(() -> open.makeArchive(List.of("-XX:+NoSuchOption"), Map.of()))
                .isInstanceOf(StackProblem.class)
                .hasMessageContaining("NoSuchOption");
        assertThat(open.command(List.of())).noneMatch(option -> option.startsWith(USES_ARCHIVE));
    }

    @Test
    void a_jar_that_was_built_anew_is_laid_open_anew() throws Exception {
        LaidOpenJar.of(jar("")).makeArchive(List.of(), Map.of());

        LaidOpenJar second = LaidOpenJar.of(jar("another build"));

        assertThat(second.command(List.of())).noneMatch(option -> option.startsWith(USES_ARCHIVE));
        try (Stream<Path> open = Files.list(folder)) {
            assertThat(open.filter(Files::isDirectory)).hasSize(1);
        }
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Path jar(String comment) throws IOException {
        Path jar = folder.resolve("service-app.jar");
        StandInService.jar(jar, comment);
        return jar;
    }
}
