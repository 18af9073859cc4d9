package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaidOpenJarTest {
    private static final String USES_ARCHIVE = "-XX:SharedArchiveFile=";
    private static final String LEAVES_ARCHIVE = "-XX:ArchiveClassesAtExit=";

    /** What an archive builds on; a JDK may lack it, and the JVM then goes on without any. */
    private static final Path OF_THE_JDK = Path.of(System.getProperty("java.home"), "lib", "server", "classes.jsa");

    @TempDir
    Path folder;

    @Test
    void a_run_that_ends_in_good_order_leaves_the_archive_that_the_next_one_loads_its_classes_from() throws Exception {
        Path jar = jar("");
        LaidOpenJar first = LaidOpenJar.of(jar);

        run(first.command(List.of(), true));
        first.keepArchive();

        assertThat(run(LaidOpenJar.of(jar).command(List.of("-Xlog:class+load"), true)))
                .contains(StandInService.class.getName() + " source: "
                        + (Files.exists(OF_THE_JDK) ? "shared objects file" : "file:"));
    }

    @Test
    void one_of_several_at_once_is_enough() throws Exception {
        Path jar = jar("");

        assertThat(LaidOpenJar.of(jar).command(List.of(), true)).anyMatch(option -> option.startsWith(LEAVES_ARCHIVE));
        assertThat(LaidOpenJar.of(jar).command(List.of(), true)).noneMatch(option -> option.startsWith(LEAVES_ARCHIVE));
    }

    @Test
    void a_run_that_nobody_saw_end_in_good_order_leaves_none() throws Exception {
        Path jar = jar("");

        run(LaidOpenJar.of(jar).command(List.of(), true));

        assertThat(LaidOpenJar.of(jar).command(List.of(), true)).noneMatch(option -> option.startsWith(USES_ARCHIVE));
    }

    @Test
    void a_jar_that_was_built_anew_is_laid_open_anew() throws Exception {
        LaidOpenJar first = LaidOpenJar.of(jar(""));
        run(first.command(List.of(), true));
        first.keepArchive();

        LaidOpenJar second = LaidOpenJar.of(jar("another build"));

        assertThat(second.command(List.of(), true)).anyMatch(option -> option.startsWith(LEAVES_ARCHIVE));
        try (Stream<Path> open = Files.list(folder)) {
            assertThat(open.filter(Files::isDirectory)).hasSize(1);
        }
    }

    @Test
    void a_run_that_records_something_else_leaves_none() throws Exception {
        assertThat(LaidOpenJar.of(jar("")).command(List.of(), false))
                .noneMatch(option -> option.startsWith(LEAVES_ARCHIVE));
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
