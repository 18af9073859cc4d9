package dev.outboxsync.local.start;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of readiness. Answers at once with what {@link StartUp} saw last. */
@Component
class SiteDatabaseHealthIndicator implements HealthIndicator {
    private final StartUp startUp;

    SiteDatabaseHealthIndicator(StartUp startUp) {
        this.startUp = startUp;
    }

    @Override
    public Health health() {
        return startUp.isReady() ? Health.up().build() : Health.down().build();
    }
}
