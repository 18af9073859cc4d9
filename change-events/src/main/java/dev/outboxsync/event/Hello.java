package dev.outboxsync.event;

/**
 * A site's question to the centre, in the lane between its changes: what do you remember of me? The answer tells the site
 * whether one of the two databases went back in time.
 *
 * @param site who asks
 * @param epoch the site's epoch
 * @param token drawn at random: the answer repeats it
 * @param seen the greatest acknowledgement that DB_A holds
 */
public record Hello(Site site, int epoch, String token, AcknowledgementId seen) implements LaneRecord {
    /** The key of its Kafka record. */
    public static final String KEY = "hello";
}
