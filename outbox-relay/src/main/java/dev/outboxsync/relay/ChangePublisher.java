package dev.outboxsync.relay;

import java.util.List;

/** Writes changes to the site's lane. Called by the lane's thread alone. */
public interface ChangePublisher {
    /**
     * Sends a page, in order, and waits until each of its changes is confirmed or given up. Stops at the first one that
     * cannot even be handed over. Failing says nothing about the log: what failed may be in it.
     */
    Publication publish(List<OutgoingChange> page);

    /**
     * Sends a HELLO, behind all that was sent before.
     *
     * @return whether it is confirmed; if not, it may be in the log all the same
     */
    boolean greet(byte[] hello);
}
