package dev.outboxsync.stack;

/** A running Kafka broker as tests see it, whatever runs it. Topics are made by whoever needs them, never by a send. */
public interface KafkaBroker {
    /** What a client's {@code bootstrap.servers} takes. */
    String bootstrapServers();
}
