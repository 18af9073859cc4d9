package dev.outboxsync.central;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up when the lanes are open, which is after the database was found prepared and the broker has answered. */
@Component("centre")
final class CentreHealth implements HealthIndicator {
    private final ChangeLanes lanes;

    CentreHealth(ChangeLanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public Health health() {
        return lanes.areOpen() ? Health.up().build() : Health.down().build();
    }
}
