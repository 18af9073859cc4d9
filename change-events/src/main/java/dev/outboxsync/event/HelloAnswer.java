package dev.outboxsync.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the centre remembers of a site that asked.
 *
 * @param token of the HELLO that is answered
 * @param told the greatest acknowledgement that the site had said, before this HELLO, to have seen
 * @param remembers whether the centre has given the acknowledgement that the site says it has seen
 * @param last the change of the greatest sequence that came in the centre's epoch of the site; null when none has
 */
public record HelloAnswer(
        String token,
        long told,
        boolean remembers,
        @Nullable LastReceived last) {
    /**
     * Names a change in a way that a restored DB_A cannot repeat: its sequences come again, their moments do not.
     *
     * @param sequence of the change
     * @param capturedAt when it was captured
     */
    public record LastReceived(long sequence, Instant capturedAt) {}
}
