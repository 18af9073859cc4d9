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
            StackPlan.CENTRAL_CONSUMER);

    private ShortLived() {}

    /** The plan, with services that skip the optimizing compiler. */
    static StackPlan services(StackPlan plan) {
        for (String service : SERVICES) {
            plan.setting(service, "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
        }
        return plan;
    }
}
