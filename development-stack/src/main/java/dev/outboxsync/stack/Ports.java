package dev.outboxsync.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports of 127.0.0.1. */
final class Ports {
    private static final int CONNECT_MILLIS = 500;

    private Ports() {}

    /** A port that nothing uses now, and that no other process is given. */
    static int free() {
        return OfThisProcess.BLOCK.next();
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

    /** Claimed when first asked for: the demo, whose ports are fixed, may never need it. */
    private static final class OfThisProcess {
        static final PortBlock BLOCK = PortBlock.claim();
    }
}
