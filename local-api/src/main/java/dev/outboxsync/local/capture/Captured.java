package dev.outboxsync.local.capture;

/** What a write left: the record, and the entry of the queue that carries the change to the centre. */
public record Captured<T>(T result, Sync sync) {}
