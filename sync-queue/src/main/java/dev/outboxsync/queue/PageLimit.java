package dev.outboxsync.queue;

/**
 * How much of the queue is held in memory at once.
 *
 * @param bytes payloads are read until they sum up to this; at least one row is always read
 * @param longestPayload a longer payload, in bytes, is left out, of a DELETE its long values alone: Kafka would not take it
 */
public record PageLimit(long bytes, long longestPayload) {}
