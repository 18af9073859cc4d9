package dev.outboxsync.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1. */
final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int CONNECT_MILLIS = 500;

    private Ports() {}

    /**
     * A port that nothing uses now. It lies below the range from which Linux takes the ports of outgoing connections: a
     * client that keeps calling a stopped server there ends up connected to itself, and the server cannot come back.
     */
    static int free() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new StackProblem("No free port between " + LOWEST + " and " + HIGHEST + ": end some servers.");
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, loopback())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Whether something accepts connections there. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    /** Refuses to go on with a sentence if another process holds the port; the remedy ends that sentence. */
    static void demandFree(int port, String neededBy, String remedy) {
        if (!isFree(port)) {
            throw new StackProblem("Port " + port + " is taken, and " + neededBy + " needs it: end the process that"
                    + " listens there (`ss -ltnp 'sport = :" + port + "'` shows it), or " + remedy + ".");
        }
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }
}
