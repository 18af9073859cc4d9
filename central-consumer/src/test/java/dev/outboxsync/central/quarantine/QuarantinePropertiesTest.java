package dev.outboxsync.central.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class QuarantinePropertiesTest {
    private static final String NAME = "central.quarantine";

    @Test
    void entries_are_kept_for_longer_than_the_topics_keep_theirs() {
        assertThat(bound(Map.of())).isEqualTo(new QuarantineProperties(Duration.ofDays(90), Duration.ofMinutes(10)));
    }

    @Test
    void no_time_is_refused_with_a_sentence() {
        assertThatThrownBy(() -> bound(Map.of(NAME + ".keep", "0d")))
                .hasRootCauseMessage("central.quarantine.keep must be more than 0");
        assertThatThrownBy(() -> bound(Map.of(NAME + ".purge-every", "-1s")))
                .hasRootCauseMessage("central.quarantine.purge-every must be more than 0");
    }

    private static QuarantineProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(NAME, QuarantineProperties.class);
    }
}
