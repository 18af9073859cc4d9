package dev.outboxsync.steering;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A service whose endpoints are open to whoever reaches them must not be reached from another machine. */
final class LoopbackRule {
    private LoopbackRule() {}

    /**
     * Demands that the service listens on the loopback.
     *
     * @param address what it listens on; null is every address of the machine
     * @param publishedOnLoopbackOnly an operator's word that something around the service sees to it
     */
    static void demand(@Nullable InetAddress address, boolean publishedOnLoopbackOnly) {
        boolean loopback = address != null && address.isLoopbackAddress();
        if (!loopback && !publishedOnLoopbackOnly) {
            String listensOn = address == null ? "every address of this machine" : address.getHostAddress();
            throw new StartRefused(
                    "The service would listen on " + listensOn + ", and its endpoints ask nobody who he is.",
                    "Leave server.address at 127.0.0.1. In a container whose port is published on the host's loopback"
                            + " only, set PUBLISHED_ON_LOOPBACK_ONLY=true.");
        }
    }
}
