package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of {@code NAME='value'} lines, for a shell to source and only for its owner to read. */
final class EnvFile {
    private static final Pattern LINE = Pattern.compile("([A-Z0-9_]+)='(.*)'");
    private static final String QUOTE_IN_SHELL = "'\\''";

    private EnvFile() {}

    /** The lines in their order; empty if there is no file. */
    static Map<String, String> read(Path file) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    Matcher matcher = LINE.matcher(line);
                    if (matcher.matches()) {
                        values.put(matcher.group(1), matcher.group(2).replace(QUOTE_IN_SHELL, "'"));
                    }
                }
            }
            return values;
        } catch (IOException e) {
            throw new StackProblem("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Replaces the file in one step; at no moment can another user read it. */
    static void write(Path file, Map<String, String> values) {
        StringBuilder lines = new StringBuilder();
        values.forEach((name, value) -> lines.append(name)
                .append("='")
                .append(value.replace("'", QUOTE_IN_SHELL))
                .append("'\n"));
        try {
            Path written = Files.createTempFile(
                    file.getParent(), "env", "", PosixFilePermissions.asFileAttribute(ownerOnly()));
            Files.writeString(written, lines);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StackProblem("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static Set<PosixFilePermission> ownerOnly() {
        return PosixFilePermissions.fromString("rw-------");
    }
}
