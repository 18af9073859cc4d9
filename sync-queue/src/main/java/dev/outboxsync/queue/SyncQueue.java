package dev.outboxsync.queue;

import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import java.util.Collection;
import java.util.List;

/**
 * The queue as the relay sees it. The source of truth until the acknowledgement: a row leaves PENDING only through
 * {@link #settle} or a refusal. Every call is a transaction of its own, safe to repeat when its outcome is unknown; an
 * outage of the database is an unchecked exception and leaves the queue as it was.
 */
public interface SyncQueue {
    /** The highest id of a PENDING row; 0 when there is none. */
    long newestPending();

    /**
     * The ids of PENDING rows from the oldest on, as one moment shows them. Always from the oldest: ids are handed out
     * before commit, so a lower one may appear later.
     *
     * @param newest no id above this one
     * @param passedOver runs of ids, ascending, that are of no interest: of 20,000 rows under way a page would read each
     */
    List<Long> pending(long newest, List<SequenceRange> passedOver, int limit);

    /** Those of the given rows that are still PENDING, ascending; a prefix of them when the limit is reached. */
    List<QueuedChange> read(List<Long> ids, PageLimit limit);

    /** Whether the queue holds this change, or held it before old rows were purged. */
    boolean holds(LastReceived change);

    /**
     * Makes PENDING rows FAILED that a later change of the same record, SYNCED already, has overtaken. Before an epoch
     * begins: sent under it, they would pass for newer than what overtook them.
     */
    void giveUpOvertaken();

    /** Raises the retry count of those of these rows that are PENDING by one. */
    void attemptFailed(Collection<Long> ids, String error);

    /** Makes a row FAILED that can never be sent. */
    void refuse(int epoch, Refusal refusal);

    /**
     * Moves rows as the centre says, keeps a receipt for each run of rows that became SYNCED, and remembers the number
     * of the acknowledgement: all in one transaction. What is no longer PENDING stays as it is.
     *
     * @throws org.springframework.dao.ConcurrencyFailureException when the acknowledgement's epoch is over, or another
     *     relay settles the same rows at this moment; nothing has changed
     */
    Settled settle(Settlement settlement);
}
