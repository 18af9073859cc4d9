package dev.outboxsync.stack;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the project that this JVM runs in. */
public final class ProjectFiles {
    private ProjectFiles() {}

    /** A file by its path from the project's root. */
    public static Path at(String path) {
        return root().resolve(path);
    }

    static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path path = start; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve(StackPlan.LOCAL_API).resolve("pom.xml"))) {
                return path;
            }
        }
        throw new StackProblem("No project with " + StackPlan.LOCAL_API + "/pom.xml at or above " + start + ".");
    }
}
