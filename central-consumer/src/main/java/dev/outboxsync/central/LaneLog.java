package dev.outboxsync.central;

import dev.outboxsync.event.Acknowledgement;
import java.util.Map;
import java.util.concurrent.Future;

/** The centre's port to the log, for one consumer of it. Called by the consumer's thread alone. */
public interface LaneLog {
    /**
     * Sends the acknowledgement of a committed batch.
     *
     * @return done when the log has it for good; failed when that is unknown
     * @throws RuntimeException when it cannot be sent at all
     */
    Future<?> publish(Acknowledgement acknowledgement);

    /** The lane's record at this offset is polled next. */
    void goBack(Lane lane, long offset);

    /** What lies before these offsets need never come again. When that cannot be noted, it comes again. */
    void commit(Map<Lane, Long> next);
}
