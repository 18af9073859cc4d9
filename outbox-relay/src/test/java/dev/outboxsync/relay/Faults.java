package dev.outboxsync.relay;

import java.util.function.Supplier;
import org.springframework.dao.DataAccessResourceFailureException;

/** Makes one call of a port go wrong: before it has done anything, or after all is done (an unknown outcome). */
public class Faults {
    enum When {
        BEFORE,
        AFTER
    }

    /** The relay's process is killed: nothing in it may catch this. */
    static final class Killed extends Error {}

    private int calls;
    private int call = -1;
    private When when = When.BEFORE;
    private boolean kill;

    /** The call of this number from now on, counted from 0, fails as a connection does that breaks. */
    void failAt(int number, When moment) {
        plan(number, moment, false);
    }

    /** The relay is killed at the call of this number from now on, counted from 0. */
    void killAt(int number, When moment) {
        plan(number, moment, true);
    }

    private void plan(int number, When moment, boolean deadly) {
        calls = 0;
        call = number;
        when = moment;
        kill = deadly;
    }

    /** Whether the planned call has been made. */
    boolean happened() {
        return calls > call;
    }

    /** Makes a call of a port, or lets it go wrong. */
    protected <T> T call(Supplier<T> work) {
        boolean hit = calls++ == call;
        if (hit && when == When.BEFORE) {
            fail();
        }
        T result = work.get();
        if (hit) {
            fail();
        }
        return result;
    }

    final void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }

    private void fail() {
        if (kill) {
            throw new Killed();
        }
        throw new DataAccessResourceFailureException("the connection broke");
    }
}
