package dev.outboxsync.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Row locks and key locks of DB_A. Whoever does not get one goes away and comes again. */
final class Locks {
    private final Map<String, Object> exclusive = new HashMap<>();
    private final Map<String, Set<Object>> shared = new HashMap<>();

    boolean take(Object holder, String... names) {
        for (String name : names) {
            if (exclusive.getOrDefault(name, holder) != holder || sharedByOthers(holder, name)) {
                return false;
            }
        }
        for (String name : names) {
            exclusive.put(name, holder);
        }
        return true;
    }

    boolean share(Object holder, String name) {
        if (exclusive.getOrDefault(name, holder) != holder) {
            return false;
        }
        shared.computeIfAbsent(name, any -> new HashSet<>()).add(holder);
        return true;
    }

    boolean isFree(String name) {
        return !exclusive.containsKey(name);
    }

    /** What is locked of a table: rows that nobody else sees yet are among them. */
    Stream<Long> keys(String table) {
        return exclusive.keySet().stream()
                .filter(name -> name.startsWith(table + "/"))
                .map(name -> Long.valueOf(name.substring(table.length() + 1)));
    }

    private boolean sharedByOthers(Object holder, String name) {
        Set<Object> holders = shared.getOrDefault(name, Set.of());
        return holders.size() > 1 || (holders.size() == 1 && !holders.contains(holder));
    }

    void release(Object holder) {
        exclusive.values().removeIf(other -> other == holder);
        shared.values().forEach(holders -> holders.remove(holder));
    }

    void clear() {
        exclusive.clear();
        shared.clear();
    }
}
