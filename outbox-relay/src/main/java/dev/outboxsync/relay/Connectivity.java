package dev.outboxsync.relay;

import java.util.Optional;

/** Whether the centre's side of the link can be reached now. */
public interface Connectivity {
    /** What is in the way, in words for a person; empty when nothing is. Answers within seconds. */
    Optional<String> problem();
}
