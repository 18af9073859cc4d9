package dev.outboxsync.simulation;

import java.util.List;
import org.springframework.dao.DataAccessResourceFailureException;

/** Something that goes on by steps. A step may be held up at any call that it makes, while others go on. */
abstract class Actor {
    final String name;
    private boolean busy;
    private boolean doomed;
    private boolean disconnected;

    Actor(String name) {
        this.name = name;
    }

    /** Goes one step, if it is not held up in one; a crash in it is followed by a new start. */
    final void move() {
        if (busy) {
            return;
        }
        busy = true;
        try {
            step();
        } catch (Crash crash) {
            restart();
        } finally {
            busy = false;
            doomed = false;
            disconnected = false;
        }
    }

    abstract void step();

    /** Is held up for so long that others take its place. */
    void heldUp() {
        // nobody does
    }

    /** Those who go on with its work meanwhile. */
    List<? extends Actor> rivals() {
        return List.of();
    }

    /** Begins anew, knowing nothing. */
    void restart() {
        throw new IllegalStateException(name + " cannot crash");
    }

    /** Is killed: now, or at the call that holds it up. */
    final void kill() {
        if (busy) {
            doomed = true;
        } else {
            restart();
        }
    }

    final void dieIfKilled() {
        if (doomed) {
            throw new Crash();
        }
    }

    /** Its database is replaced: what it is in the midst of fails at its next call. */
    final void disconnect() {
        disconnected = busy;
    }

    final void failIfDisconnected() {
        if (disconnected) {
            disconnected = false;
            throw new DataAccessResourceFailureException("the connection was closed");
        }
    }
}
