package dev.outboxsync.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The core with one rule broken: an edit of its own source. Where the rule lives in SQL, what is edited is the fake that
 * stands for it.
 *
 * @param rule as docs/guarantees.md names it
 */
record Variant(String rule, String broken, Path source, List<Edit> edits) {
    private static final Path PROJECT = Path.of("..");

    /** One exact text of the source, and what stands there instead. */
    record Edit(String from, String to) {}

    /** @param source below the project, without the folder of the sources: {@code outbox-relay/main/relay/InFlight} */
    static Variant of(String rule, String broken, String source, String... texts) {
        String[] parts = source.split("/", 3);
        Path file = PROJECT.resolve(
                Path.of(parts[0], "src", parts[1], "java", "dev", "outboxsync").resolve(parts[2] + ".java"));
        var edits = new ArrayList<Edit>();
        for (int i = 0; i < texts.length; i += 2) {
            edits.add(new Edit(texts[i], texts[i + 1]));
        }
        return new Variant(rule, broken, file, edits);
    }

    /** The source with the edits made. */
    String edited() {
        String text = read();
        for (Edit edit : edits) {
            int at = text.indexOf(edit.from());
            if (at < 0) {
                throw new AssertionError(
                        source + " does not hold the text any more that breaks the rule when edited: " + edit.from());
            }
            text = text.substring(0, at)
                    + edit.to()
                    + text.substring(at + edit.from().length());
        }
        return text;
    }

    private String read() {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return broken;
    }
}
