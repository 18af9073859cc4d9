package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the centre must do with one event after the other, said as plainly as can be. */
final class CentreModel {
    private final Map<Long, RandomLoad.Event> users = new HashMap<>();
    private final Map<Long, RandomLoad.Event> orders = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();

    /** Applies the event or says why not. */
    Optional<Reason> apply(RandomLoad.Event event) {
        String record = event.table() + event.id();
        if (event.sequence() <= versions.getOrDefault(record, 0L)) {
            return Optional.empty();
        }
        Optional<Reason> refusal = refusal(event);
        if (refusal.isEmpty()) {
            versions.put(record, event.sequence());
            Map<Long, RandomLoad.Event> rows = event.table().equals("users") ? users : orders;
            if (event.operation() == Operation.DELETE) {
                rows.remove(event.id());
            } else {
                rows.put(event.id(), event);
            }
        }
        return refusal;
    }

    private Optional<Reason> refusal(RandomLoad.Event event) {
        boolean deletes = event.operation() == Operation.DELETE;
        if (event.table().equals("orders")) {
            return !deletes && !users.containsKey(event.user()) ? Optional.of(Reason.MISSING_PARENT) : Optional.empty();
        }
        if (deletes) {
            boolean hasOrders = orders.values().stream().anyMatch(order -> order.user() == event.id());
            return hasOrders && users.containsKey(event.id()) ? Optional.of(Reason.HAS_CHILDREN) : Optional.empty();
        }
        boolean taken = users.values().stream()
                .anyMatch(user -> user.id() != event.id() && user.email().equals(event.email()));
        return taken ? Optional.of(Reason.DUPLICATE_KEY) : Optional.empty();
    }

    Map<String, String> users() {
        return contents(users);
    }

    Map<String, String> orders() {
        return contents(orders);
    }

    private static Map<String, String> contents(Map<Long, RandomLoad.Event> rows) {
        var contents = new TreeMap<String, String>();
        rows.forEach((id, event) -> contents.put(String.valueOf(id), event.content()));
        return contents;
    }
}
