package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /** Of those that a batch refused for their e-mail, writes the users that are accepted all together; answers which. */
    List<RandomLoad.Event> exchange(List<RandomLoad.Event> refused) {
        var latest = new LinkedHashMap<Long, RandomLoad.Event>();
        refused.forEach(event -> latest.put(event.id(), event));
        latest.values().removeIf(event -> event.sequence() <= versions.getOrDefault("users" + event.id(), 0L));
        while (latest.size() > 1) {
            var others = new TreeMap<>(users);
            others.keySet().removeAll(latest.keySet());
            Set<String> emails =
                    others.values().stream().map(RandomLoad.Event::email).collect(Collectors.toSet());
            Optional<RandomLoad.Event> first = latest.values().stream()
                    .filter(event -> !emails.add(event.email()))
                    .findFirst();
            if (first.isEmpty()) {
                latest.values().forEach(event -> {
                    versions.put("users" + event.id(), event.sequence());
                    users.put(event.id(), event);
                });
                return List.copyOf(latest.values());
            }
            latest.remove(first.get().id());
        }
        return List.of();
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
