package dev.outboxsync.queue;

/**
 * What a settlement did.
 *
 * @param synced rows that became SYNCED
 * @param failed rows that became FAILED
 * @param kept refused rows that stay PENDING and are sent again
 */
public record Settled(long synced, long failed, long kept) {}
