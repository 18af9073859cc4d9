package dev.outboxsync.relay;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the site's acknowledgements, each once, in order. Called by the lane's thread alone. */
public interface AcknowledgementSource {
    /**
     * Puts the place to read from at the log's present end. What lies before it answers to changes that another relay
     * has published.
     */
    void startAtEnd();

    /** What has come since, waiting at most this long for something; empty when nothing has. */
    List<Received> poll(Duration atMost);

    /** A record as it was read. */
    record Received(long offset, byte @Nullable [] value) {}
}
