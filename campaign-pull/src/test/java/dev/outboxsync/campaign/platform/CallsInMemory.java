package dev.outboxsync.campaign.platform;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A log of calls that outlives nobody. */
final class CallsInMemory implements CallLog {
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger faults = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    List<Duration> ages = List.of();

    @Override
    public List<Duration> ages(Duration atMost) {
        return ages;
    }

    @Override
    public void calling(Call call, Duration waited) {
        made.incrementAndGet();
    }

    @Override
    public void failed(boolean wasRefused) {
        (wasRefused ? refused : faults).incrementAndGet();
    }
}
