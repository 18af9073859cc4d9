package dev.outboxsync.mysql;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions at READ COMMITTED that are rolled back whole and tried again when another one is in the way. Error 1205
 * rolls back its statement only, so no work may catch it: what it throws ends the transaction.
 */
public final class Transactions {
    /** Time in which nothing more is begun: each attempt may wait 5 s for a lock, and holds a connection meanwhile. */
    private static final Duration LONGEST = Duration.ofSeconds(9);

    private final TransactionTemplate template;
    private final RetryTemplate retry;

    public Transactions(PlatformTransactionManager manager) {
        this.template = new TransactionTemplate(manager);
        template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.retry = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(5)
                .delay(Duration.ofMillis(5))
                .jitter(Duration.ofMillis(5))
                .multiplier(2)
                .timeout(LONGEST)
                .predicate(failure -> MySqlFailure.of(failure).failureClass() == FailureClass.CONTENTION)
                .build());
    }

    /**
     * Runs the work in a transaction of its own and commits.
     *
     * @param work is run again after contention: it must keep nothing from an attempt that failed
     * @throws DataAccessException of any class; for contention after five more attempts within about 0.2 s of pauses, or fewer
     *     where they waited for locks
     * @throws TransactionException when the commit's outcome is unknown
     */
    public <T> T run(Supplier<T> work) {
        try {
            return Objects.requireNonNull(retry.<T>execute(() -> template.execute(status -> work.get())));
        } catch (RetryException e) {
            throw unwrapped(e);
        }
    }

    /** As {@link #run}, for work without a result. */
    public void runWithoutResult(Runnable work) {
        run(() -> {
            work.run();
            return true;
        });
    }

    private static RuntimeException unwrapped(RetryException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
}
