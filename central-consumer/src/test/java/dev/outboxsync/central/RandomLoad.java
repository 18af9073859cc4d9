package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A lane of random changes, many of which the centre has to refuse, partly delivered twice. Same seed, same lane. */
final class RandomLoad {
    private static final List<Operation> OPERATIONS = List.of(Operation.INSERT, Operation.UPDATE, Operation.DELETE);
    private final Random random;
    private final Changes site;

    RandomLoad(long seed, Changes site) {
        this.random = new Random(seed);
        this.site = site;
    }

    List<Event> events(int count) {
        var events = new ArrayList<Event>();
        for (long sequence = 1; sequence <= count; sequence++) {
            Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            events.add(random.nextInt(3) == 0 ? order(sequence, operation) : user(sequence, operation));
        }
        return events;
    }

    private Event user(long sequence, Operation operation) {
        long id = random.nextLong(1, 13);
        String email = "e" + random.nextInt(20) + "@example.org";
        String name = "n" + sequence;
        return new Event(
                sequence,
                "users",
                operation,
                id,
                0,
                name + " " + email,
                email,
                site.user(sequence, operation, id, name, email));
    }

    private Event order(long sequence, Operation operation) {
        long id = random.nextLong(1, 13);
        long user = random.nextLong(1, 15);
        String amount = sequence + ".50";
        return new Event(
                sequence,
                "orders",
                operation,
                id,
                user,
                user + " " + amount + " NEW",
                "",
                site.order(sequence, operation, id, user, amount, "NEW"));
    }

    /** The lane in batches of any size, each of which may begin some way back in the one before. */
    List<List<Event>> batches(List<Event> lane) {
        var batches = new ArrayList<List<Event>>();
        int from = 0;
        while (from < lane.size()) {
            int to = Math.min(lane.size(), from + 1 + random.nextInt(60));
            batches.add(lane.subList(Math.max(0, from - random.nextInt(20)), to));
            from = to;
        }
        return batches;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Event(
            long sequence,
            String table,
            Operation operation,
            long id,
            long user,
            String content,
            String email,
            byte[] value) {}
}
