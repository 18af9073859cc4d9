package dev.outboxsync.campaign.platform;

import java.time.Duration;
import java.util.List;

/** Where calls are written down, so that they count beyond the life of this process. */
public interface CallLog {
    /** What is called. */
    enum Call {
        LIST,
        SYNC
    }

    /** How long ago the calls of at most so long ago were made, by whichever process. */
    List<Duration> ages(Duration atMost);

    /** Before a call is made: without this having been written it must not be. */
    void calling(Call call, Duration waited);

    /** After a call: the platform failed, or refused because of the limit. */
    void failed(boolean refused);
}
