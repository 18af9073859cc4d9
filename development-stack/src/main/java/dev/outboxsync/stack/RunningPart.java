package dev.outboxsync.stack;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** One run of a server, from its start to its end: a process, or a container. Safe for use by several threads. */
interface RunningPart {
    /** Returns once the question is answered with yes; ends the run and says so if it dies or the time is over. */
    void awaitReady(BooleanSupplier ready, Duration limit);

    /** Asks for an end in good order, and kills when the time is over; returns when it is gone. */
    void stop(Duration limit);

    /** Ends as a power cut would; returns when it is gone. */
    void kill9();

    /** Its process on this machine. */
    long pid();

    /** Whether its owner has asked it to end; one that ends otherwise has died. */
    boolean wasStopped();

    /** Returns the exit code when it is gone, however long that takes. */
    int awaitEnd();
}
