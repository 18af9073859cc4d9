package dev.outboxsync.simulation;

import dev.outboxsync.relay.Faults;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a relay calls its ports: held up, failing or killed as the world will have it. */
final class RelayCalls extends Faults {
    private final @Nullable RelayProcess relay;

    /** @param relay null for calls that nothing happens to */
    RelayCalls(@Nullable RelayProcess relay) {
        this.relay = relay;
    }

    @Override
    protected <T> T call(Supplier<T> work) {
        return relay == null ? work.get() : relay.call(work);
    }
}
