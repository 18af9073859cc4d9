package dev.outboxsync.stack;

import java.nio.file.Path;

/**
 * Where one server lives: what sentences call it, the folder of its data, the file its output is appended to, and its
 * port on 127.0.0.1.
 *
 * @param port 0 takes a free one, which then stays the server's over restarts
 */
public record Place(String name, Path data, Path log, int port) {
    public Place {
        data = data.toAbsolutePath();
        log = log.toAbsolutePath();
        port = port == 0 ? Ports.free() : port;
    }

    void demandFreePort() {
        Ports.demandFree(port, name, "give it another port");
    }
}
