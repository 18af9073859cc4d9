package dev.outboxsync.endtoend;

import dev.outboxsync.stack.StackPlan;
import java.util.List;

/** Services that are started often and have little to do: half of their start would go into compiling for a long life. */
final class ShortLived {
    private static final List<String> SERVICES = List.of(
            StackPlan.LOCAL_API,
            StackPlan.LOCAL_API_2,
            StackPlan.OUTBOX_RELAY,
            StackPlan.OUTBOX_RELAY_2,
            StackPlan.CENTRAL_CONSUMER,
            StackPlan.CAMPAIGN_PULL);

    /** The setting of a service that skips the optimizing compiler. */
    static final String NAME = "JAVA_TOOL_OPTIONS";

    static final String VALUE = "-XX:TieredStopAtLevel=1";

    private ShortLived() {}

    /** The plan, with such services. */
    static StackPlan services(StackPlan plan) {
        for (String service : SERVICES) {
            plan.setting(service, NAME, VALUE);
        }
        return plan;
    }
}
