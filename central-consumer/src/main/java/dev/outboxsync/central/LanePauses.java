package dev.outboxsync.central;

import java.time.Duration;

/** Holds back lanes that failed, and no other. */
public interface LanePauses {
    /** Polls nothing more of the lane for a while, longer with each failure in a row; answers for how long. */
    Duration failed(Lane lane);

    /** As {@link #failed}, for a lane that was not tried: that is no failure of its own. */
    void postponed(Lane lane);

    /** The lane works. */
    void succeeded(Lane lane);
}
