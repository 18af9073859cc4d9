package dev.outboxsync.campaign.platform;

import dev.outboxsync.campaign.platform.CallLog.Call;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps all workers within the platform's sliding window. The platform counts a call at some moment between its start and its
 * end, which we do not know: so a call takes a place from its start until a window after its end, and there are never more
 * in any window of the platform's, however long a request travels. First come, first served.
 */
final class CallWindow {
    private final PlatformSettings settings;
    private final CallLog log;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private final Deque<Long> freeAt = new ArrayDeque<>();
    private int underWay;
    private long heldUntil = System.nanoTime();

    CallWindow(PlatformSettings settings, CallLog log) {
        this.settings = settings;
        this.log = log;
    }

    /** Counts the calls of whoever called before: this process is the only one that calls from now on. */
    void takeOver() {
        long window = settings.wholeWindow().toNanos();
        long longestCall = settings.longestCall().toNanos();
        List<Duration> ages = log.ages(settings.wholeWindow().plus(settings.longestCall()));
        lock.lock();
        try {
            long now = System.nanoTime();
            freeAt.clear();
            // whoever made them is gone: they have ended by now at the latest
            ages.stream()
                    .map(age -> now + window - Math.max(0, age.toNanos() - longestCall))
                    .sorted()
                    .forEach(freeAt::add);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a place. What is returned is to be ended. */
    Place enter() throws InterruptedException {
        long asked = System.nanoTime();
        lock.lockInterruptibly();
        try {
            for (long pause = pause(System.nanoTime()); pause > 0; pause = pause(System.nanoTime())) {
                changed.awaitNanos(pause);
            }
            underWay++;
        } finally {
            lock.unlock();
        }
        return new Place(Duration.ofNanos(System.nanoTime() - asked));
    }

    /** Waits while nobody may call, and takes no place. */
    void awaitHold() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long pause = heldUntil - System.nanoTime(); pause > 0; pause = heldUntil - System.nanoTime()) {
                changed.awaitNanos(pause);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds until there may be a place; 0 if there is one. Forgets calls that count no more. */
    private long pause(long now) {
        while (!freeAt.isEmpty() && freeAt.peek() - now <= 0) {
            freeAt.remove();
        }
        long full = freeAt.size() + underWay < settings.calls()
                ? 0
                : freeAt.isEmpty() ? TimeUnit.DAYS.toNanos(1) : freeAt.peek() - now;
        return Math.max(full, heldUntil - now);
    }

    /** Lets nobody call for so long. A longer pause that is kept already stays. */
    void hold(Duration pause) {
        lock.lock();
        try {
            heldUntil = Math.max(heldUntil - System.nanoTime(), pause.toNanos()) + System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Room for one call. */
    final class Place {
        private final Duration waited;
        private boolean used;

        private Place(Duration waited) {
            this.waited = waited;
        }

        /** Writes the call down; it is to be made at once. */
        void use(Call call) {
            log.calling(call, waited);
            used = true;
        }

        /** The call has ended, or was not made: then the place is free at once. */
        void end() {
            lock.lock();
            try {
                underWay--;
                if (used) {
                    freeAt.add(System.nanoTime() + settings.wholeWindow().toNanos());
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
