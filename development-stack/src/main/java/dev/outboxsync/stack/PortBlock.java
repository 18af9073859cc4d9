package dev.outboxsync.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 that no other process hands out. Stacks choose their ports long before they listen there, so looking
 * whether a port is free is not enough where several start at once. A process listens on the first port of its block for
 * as long as it lives; that is what others see.
 *
 * <p>The blocks lie below the range from which Linux takes the ports of outgoing connections: a client that keeps calling
 * a stopped server there ends up connected to itself, and the server cannot come back.
 */
final class PortBlock {
    static final int SIZE = 200;
    private static final int LOWEST = 20_000;
    private static final int BLOCKS = 60;

    private final ServerSocket claim;
    private int handedOut;

    private PortBlock(ServerSocket claim) {
        this.claim = claim;
    }

    static PortBlock claim() {
        int start = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int offset = 0; offset < BLOCKS; offset++) {
            int first = LOWEST + (start + offset) % BLOCKS * SIZE;
            try {
                return new PortBlock(new ServerSocket(first, 1, InetAddress.getLoopbackAddress()));
            } catch (IOException claimedByAnother) {
                // The next, then.
            }
        }
        throw noneFree(LOWEST, LOWEST + BLOCKS * SIZE);
    }

    /** A port that nothing uses now. Each is handed out once before any comes again. */
    synchronized int next() {
        for (int attempt = 1; attempt < SIZE; attempt++) {
            int port = claim.getLocalPort() + 1 + handedOut++ % (SIZE - 1);
            if (Ports.isFree(port)) {
                return port;
            }
        }
        throw noneFree(claim.getLocalPort(), claim.getLocalPort() + SIZE);
    }

    private static StackProblem noneFree(int from, int to) {
        return new StackProblem("No free port between " + from + " and " + to + ": end some servers.");
    }
}
