package dev.outboxsync.campaign.platform;

import java.net.URI;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** A client with pauses of milliseconds, and 20 calls in a window of 200 ms. */
final class QuickClient {
    private QuickClient() {}

    static PlatformClient of(String url, int attempts, CallLog log) {
        return of(url, attempts, 20, Duration.ofMillis(200), log);
    }

    static PlatformClient of(String url, int attempts, int calls, Duration window, CallLog log) {
        return new PlatformClient(
                new PlatformSettings(
                        URI.create(url),
                        "me",
                        "secret",
                        "till-1",
                        10,
                        calls,
                        window,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(10),
                        attempts,
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200)),
                log);
    }
}
