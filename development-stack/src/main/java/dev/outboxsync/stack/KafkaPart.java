package dev.outboxsync.stack;

import java.time.Duration;

/** A Kafka broker of the stack's own on a port of 127.0.0.1, whatever runs it. */
public abstract class KafkaPart extends StackPart implements KafkaBroker {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Place place;
    private final int advertisedPort;

    KafkaPart(Place place, int advertisedPort) {
        super(START_LIMIT, STOP_LIMIT);
        this.place = place;
        this.advertisedPort = advertisedPort;
    }

    @Override
    public String name() {
        return place.name();
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + advertisedPort;
    }

    /** The port it listens on. */
    public int port() {
        return place.port();
    }
}
