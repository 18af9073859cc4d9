package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The data of a server that has never served, made once and kept in the cache: a copy takes a fraction of the seconds in
 * which MySQL makes it (decision 30). It holds no identity and no key, and root@localhost has no password yet. Several
 * JVMs may ask at once: one makes it, the others wait.
 */
final class MySqlTemplate {
    /** Who it is, and its keys: each server makes its own when it first starts. */
    private static final String OF_ONE_SERVER = "{auto.cnf,*.pem}";

    private final MySqlHome home;
    private final Path cache;
    private final Path template;

    MySqlTemplate(MySqlHome home, Path cache) {
        this.home = home;
        this.cache = cache;
        // Other settings may want other data.
        String settings = Integer.toHexString(MySqlPart.SETTINGS.hashCode());
        this.template = cache.resolve(home.folder().getFileName() + "-data-" + settings);
    }

    /** Makes data for a new server where nothing is yet. */
    void copyTo(Path data) throws IOException {
        if (Files.notExists(template)) {
            Alone.holding(cache.resolve("mysql-data.lock"), this::makeAlone);
        }
        Folders.copy(template, data);
    }

    private void makeAlone() throws IOException {
        if (Files.exists(template)) {
            return;
        }
        Path unfinished = Files.createTempDirectory(cache, "mysql-data-");
        try {
            make(unfinished);
        } finally {
            Folders.delete(unfinished);
        }
    }

    private void make(Path unfinished) throws IOException {
        home.start(
                        "Making data for MySQL",
                        unfinished,
                        template.resolveSibling(template.getFileName() + ".log"),
                        List.of("--initialize-insecure"))
                .awaitSuccess(MySqlPart.START_LIMIT);
        forgetServer(unfinished);
        Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes from data what its first start makes anew: of files that a killed one has made in part, MySQL repairs none. */
    static void forgetServer(Path data) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data, OF_ONE_SERVER)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
