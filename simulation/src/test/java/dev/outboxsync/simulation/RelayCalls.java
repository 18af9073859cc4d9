package dev.outboxsync.simulation;

import dev.outboxsync.relay.Faults;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a relay calls its ports: held up, failing or killed as the world will have it. */
final class RelayCalls extends Faults {
    private final World world;
    private final @Nullable Actor relay;

    /** @param relay null for calls that nothing happens to */
    RelayCalls(World world, @Nullable Actor relay) {
        this.world = world;
        this.relay = relay;
    }

    @Override
    protected <T> T call(Supplier<T> work) {
        return relay == null ? work.get() : world.call(relay, work);
    }
}
