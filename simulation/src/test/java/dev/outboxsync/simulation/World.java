package dev.outboxsync.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The scheduler: one random sequence decides who moves next, where a call is held up, what goes wrong. The same seed is
 * the same world.
 */
final class World {
    private static final int DEEPEST = 3;
    /** How many moves there are within one step at most. */
    private static final int MOST_MOVES = 40;
    /** How often a call is held up, in per cent. */
    private static final int HELD_UP = 8;
    /** How often, in per cent of these, it is for long. */
    private static final int LASTING = 10;

    private static final int WAITING = 90;

    final SplittableRandom random;
    private final long seed;
    private final List<Actor> actors = new ArrayList<>();
    private final StringBuilder trace = new StringBuilder();
    private final boolean tracing;
    private Instant now = Instant.parse("2026-11-23T06:00:00Z");
    /** How often something that may go wrong does so, in per cent: differs from world to world. */
    private final int roughness;
    /** How often a call fails, or is its caller's last one, per mille. */
    private final int failures;

    private boolean troubled = true;
    private int depth;
    private int moves;

    World(long seed, boolean tracing) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.failures = any(List.of(1, 3, 12));
        this.roughness = any(List.of(1, 10, 25));
    }

    /** One of so many places, another one in the next world. */
    int place(int places) {
        return (int) Math.floorMod(seed, (long) places);
    }

    /** Adds one who moves so often in comparison with others. */
    void add(Actor actor, int weight) {
        for (int i = 0; i < weight; i++) {
            actors.add(actor);
        }
    }

    /** One step of somebody, and what others do while it is held up. */
    void step() {
        moves = MOST_MOVES;
        moveSomebody();
    }

    private void moveSomebody() {
        any(actors).move();
    }

    /** From now on nothing goes wrong any more and nobody is held up. */
    void heal() {
        troubled = false;
    }

    boolean isTroubled() {
        return troubled;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Whether a thing that may go wrong does so now. */
    boolean somethingGoesWrong() {
        return troubled && chance(roughness);
    }

    /** Somebody's call of a port: others may move before it and behind it; it may fail, done or not, or be the last. */
    <T> T call(Actor caller, Supplier<T> work) {
        return call(caller, LASTING, work);
    }

    /** As {@link #call(Actor, Supplier)}, where it is likely to take long: somebody else may hold what is wanted. */
    <T> T callThatWaits(Actor caller, Supplier<T> work) {
        return call(caller, WAITING, work);
    }

    private <T> T call(Actor caller, int lasting, Supplier<T> work) {
        if (!troubled) {
            return work.get();
        }
        letOthersMove(caller, lasting);
        int fate = random.nextInt(1_000);
        endIf(caller, fate);
        T result = work.get();
        letOthersMove(caller, LASTING);
        endIf(caller, fate - 500);
        return result;
    }

    private void endIf(Actor caller, int fate) {
        caller.dieIfKilled();
        caller.failIfDisconnected();
        if (fate >= 0 && fate < failures / 3) {
            tell(() -> "%s crashes".formatted(caller.name));
            throw new Crash();
        }
        if (fate >= 0 && fate < failures) {
            tell(() -> "%s: a call fails".formatted(caller.name));
            throw new DataAccessResourceFailureException("the connection broke");
        }
    }

    private void letOthersMove(Actor caller, int often) {
        if (depth >= DEEPEST || moves <= 0 || !chance(HELD_UP)) {
            return;
        }
        boolean lasting = chance(often);
        if (lasting) {
            tell(() -> caller.name + " is held up for long");
            caller.heldUp();
        }
        depth++;
        try {
            for (int i = lasting ? random.nextInt(8, 25) : random.nextInt(1, 5); i > 0 && moves > 0; i--) {
                moves--;
                List<? extends Actor> rivals = lasting ? caller.rivals() : List.of();
                if (!rivals.isEmpty() && chance(60)) {
                    any(rivals).move();
                } else {
                    moveSomebody();
                }
            }
        } finally {
            depth--;
        }
    }

    <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Adds a line to the story, where it is told. */
    void tell(Supplier<String> line) {
        if (tracing) {
            trace.append(now)
                    .append("  ")
                    .append("  ".repeat(depth))
                    .append(line.get())
                    .append('\n');
        }
    }

    String story() {
        return trace.toString();
    }

    /** The clock of one machine: it may be set. */
    final class MachineClock extends Clock {
        private Duration offset = Duration.ZERO;
        private int settings;

        void set(Duration aside) {
            offset = aside;
            settings++;
        }

        /** How often it was set. */
        int settings() {
            return settings;
        }

        @Override
        public Instant instant() {
            return now.plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
