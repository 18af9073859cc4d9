package dev.outboxsync.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** When the next cycle begins: at the next tick, or after the pause that follows a failure. */
final class LaneSchedule {
    private final LaneSettings settings;
    private final BackOff backOff;
    private Instant next;
    private Instant latest;

    LaneSchedule(LaneSettings settings, Instant now, RandomGenerator random) {
        this.settings = settings;
        this.backOff = new BackOff(settings.firstPause(), settings.longestPause(), random);
        this.next = settings.nextTick().apply(now);
        this.latest = now;
    }

    Instant next() {
        return next;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(next);
    }

    /** A cycle has ended: the next one begins at the next tick. */
    void awaitTick(Instant now) {
        next = settings.nextTick().apply(now);
    }

    /** Counts a failure; the next cycle begins after the pause, which is returned. */
    Duration pauseFrom(Instant now) {
        Duration pause = backOff.failed();
        next = now.plus(pause);
        return pause;
    }

    void succeeded() {
        backOff.succeeded();
    }

    /** Takes note of the time; the clock is looked at before and after each turn. */
    void passed(Instant now) {
        latest = now.isAfter(latest) ? now : latest;
    }

    /** Whether the clock was set back: what was planned by it would come late by as much, and is planned anew. */
    boolean wasSetBack(Instant now) {
        if (!now.isBefore(latest)) {
            return false;
        }
        latest = now;
        awaitTick(now);
        return true;
    }
}
