package dev.outboxsync.event;

/**
 * Names one acknowledgement for ever. The number alone would not: a DB_B that was restored from a backup hands out the
 * same numbers anew.
 *
 * @param number grows by one with each acknowledgement of the site; 0 before the first
 * @param mark drawn at random; empty before the first
 */
public record AcknowledgementId(long number, String mark) {
    /** Before the first one. */
    public static final AcknowledgementId NONE = new AcknowledgementId(0, "");
}
