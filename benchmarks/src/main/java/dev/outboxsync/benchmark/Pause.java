package dev.outboxsync.benchmark;

/** Time in which the benchmark does nothing. */
final class Pause {
    private Pause() {}

    static void of(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailed("Interrupted");
        }
    }
}
