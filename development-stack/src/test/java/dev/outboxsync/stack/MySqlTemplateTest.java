package dev.outboxsync.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MySqlTemplateTest {
    private static final String HALF_MADE = "mysql-data-half-made";

    @TempDir
    Path cache;

    @TempDir
    Path folder;

    @Test
    void two_at_once_make_one_template_and_copies_of_it_hold_no_identity() throws Exception {
        Folders.create(cache.resolve(HALF_MADE));
        var template = new MySqlTemplate(MySqlHome.find(), cache);

        var one = CompletableFuture.runAsync(() -> copy(template, "one"));
        var other = CompletableFuture.runAsync(() -> copy(new MySqlTemplate(MySqlHome.find(), cache), "other"));
        one.get();
        other.get();

        assertThat(files(cache))
                .hasSize(4)
                .contains(HALF_MADE, "mysql-data.lock")
                .anyMatch(name -> name.matches("mysql-8\\.0\\.33-data-[0-9a-f]+"))
                .anyMatch(name -> name.matches("mysql-8\\.0\\.33-data-[0-9a-f]+\\.log"));
        assertThat(files(folder.resolve("one")))
                .contains("mysql.ibd", "ibdata1", "undo_001", "mysql")
                .doesNotContain("auto.cnf")
                .noneMatch(name -> name.endsWith(".pem"))
                .isEqualTo(files(folder.resolve("other")));
    }

    private void copy(MySqlTemplate template, String name) {
        try {
            template.copyTo(folder.resolve(name));
        } catch (IOException e) {
            throw new StackProblem("No copy of the template: " + e.getMessage(), e);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
