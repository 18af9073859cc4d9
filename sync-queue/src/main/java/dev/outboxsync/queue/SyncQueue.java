package dev.outboxsync.queue;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import java.util.Collection;
import java.util.List;

/**
 * The queue as the relay sees it. The source of truth until the acknowledgement: a row leaves PENDING only through
 * {@link #settle} or a refusal. Every call is a transaction of its own, safe to repeat when its outcome is unknown; an
 * outage of the database is an unchecked exception and leaves the queue as it was. What writes demands in its transaction
 * that the relay's lease stands, and throws {@link org.springframework.dao.ConcurrencyFailureException} where it does not:
 * ids mean other changes in a database that was restored.
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
     * Begins an epoch, if the present one is still the expected one: what is PENDING goes out under it, and what is due is
     * sent again. But FAILED becomes, in the same transaction, what would do harm under it: a row that a later SYNCED
     * change of its record has overtaken would pass for newer than that one; a sweep spares what the centre had refused
     * when it was made, and what is due brings one of its own.
     *
     * @param seen the acknowledgement that showed that a database went back: from it on they are counted
     * @return whether it has begun
     */
    boolean beginEpoch(int expected, int next, AcknowledgementId seen, ResyncDue due);

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
