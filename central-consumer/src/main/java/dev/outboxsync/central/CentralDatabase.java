package dev.outboxsync.central;

import java.util.function.Function;

/** The central database, as applying changes needs it. Safe for use by many threads. */
interface CentralDatabase {
    /**
     * Runs the work in one transaction and commits. Contention is rolled back and tried again by the database itself.
     *
     * @param work may be run several times: it keeps nothing from an attempt that failed
     * @throws UnexpectedStateException as the work threw it, after everything was rolled back
     * @throws RuntimeException when the database cannot be used now; after that the outcome is unknown
     */
    <T> T transaction(Function<CentralTransaction, T> work);
}
