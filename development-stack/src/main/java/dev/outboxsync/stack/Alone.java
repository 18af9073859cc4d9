package dev.outboxsync.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What one at a time may do, of all threads of all JVMs of this machine: whoever comes meanwhile waits. */
final class Alone {
    private Alone() {}

    /** What is done alone. */
    interface Work {
        void run() throws IOException;
    }

    /** Does the work while nobody else holds the file, which stays behind, empty. */
    static void holding(Path lockFile, Work work) throws IOException {
        // A lock on a file keeps other JVMs out, not other threads.
        synchronized (Alone.class) {
            try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                work.run();
            }
        }
    }
}
