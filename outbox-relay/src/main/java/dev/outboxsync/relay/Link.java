package dev.outboxsync.relay;

/** The relay's ports to the log. */
public record Link(Connectivity connectivity, ChangePublisher publisher, AcknowledgementSource acknowledgements) {}
