package dev.outboxsync.central.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class BackOffTest {
    private final Random random = new Random(1);

    @Test
    void a_lane_waits_twice_as_long_after_each_failure_up_to_the_limit() {
        BackOff backOff = bound(Map.of());

        for (int failures : new int[] {1, 2, 3, 8, 9, 1_000_000}) {
            long most = Math.min(30_000, 200L << Math.min(failures - 1, 20));
            assertThat(backOff.after(failures, random)).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
        }
    }

    @Test
    void what_is_no_back_off_is_refused() {
        assertThatThrownBy(() -> bound(Map.of("central.back-off.first", "0ms")))
                .hasRootCauseMessage(
                        "central.back-off: first must be at least 1ms, and longest not shorter than first");
        assertThatThrownBy(() -> bound(Map.of("central.back-off.longest", "100ms")))
                .hasRootCauseMessage(
                        "central.back-off: first must be at least 1ms, and longest not shorter than first");
    }

    private static BackOff bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("central.back-off", BackOff.class);
    }
}
