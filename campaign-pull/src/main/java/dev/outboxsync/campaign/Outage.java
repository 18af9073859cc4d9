package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.PlatformClient;
import dev.outboxsync.campaign.platform.PlatformFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Tells a page or campaign that fails alone from a platform that is away, which is waited for. Written by one thread, read by
 * many.
 */
@Component
class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final PlatformClient platform;
    private final Duration giveUpAfter;
    private long since;
    private volatile @Nullable String problem;

    Outage(PlatformClient platform, PullSettings settings) {
        this.platform = platform;
        this.giveUpAfter = settings.giveUpAfter();
    }

    /**
     * Whether the platform is to blame for a call that failed in all its attempts, and not that page or campaign: asks for the
     * first page. If that fails as well, the platform is away, and the circuit breaker makes the next call wait. If it comes, a
     * call that failed while the platform was away proves nothing; {@link #problem} says whether it still is.
     */
    boolean isToBlameFor(PlatformFailure failure) {
        boolean wasAway = problem != null;
        try {
            platform.page(1);
            over();
            return wasAway;
        } catch (PlatformFailure again) {
            if (again.isPassing() || again.kind() == PlatformFailure.Kind.CREDENTIALS) {
                begins(failure.reason());
                return true;
            }
            return false;
        }
    }

    /** The platform cannot be used, and here is why. */
    void begins(String reason) {
        if (problem == null) {
            since = System.nanoTime();
            LOG.warn("The platform cannot be used ({}): tried again by itself, at growing intervals", reason);
        }
        problem = reason;
    }

    void over() {
        if (problem != null) {
            LOG.info("The platform can be used again");
        }
        problem = null;
    }

    /** Why the platform cannot be used; null while it can. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Whether that has lasted longer than a run waits. */
    boolean isHopeless() {
        return problem != null && System.nanoTime() - since > giveUpAfter.toNanos();
    }
}
