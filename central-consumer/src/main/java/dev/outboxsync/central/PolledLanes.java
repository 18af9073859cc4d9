package dev.outboxsync.central;

import dev.outboxsync.mysql.MySqlFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one poll, each served in this order: apply and commit in the database, publish the acknowledgement, await
 * it, commit the offset. A lane where any of this fails goes back to its first record and waits; nothing is ever skipped,
 * and no other lane waits for it. For one thread and one poll.
 */
public final class PolledLanes {
    private static final Logger LOG = LoggerFactory.getLogger(PolledLanes.class);

    private final LaneApplying applying;
    private final LaneLog log;
    private final LanePauses pauses;
    private final LongSupplier nanoTime;
    private final long deadline;
    private final Map<Lane, Sent> sent = new LinkedHashMap<>();
    private boolean databaseIsAway;

    /** @param longest after this time no further lane is begun, so that the consumer is not taken for dead */
    public PolledLanes(LaneApplying applying, LaneLog log, LanePauses pauses, Duration longest, LongSupplier nanoTime) {
        this.applying = applying;
        this.log = log;
        this.pauses = pauses;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + longest.toNanos();
    }

    /** Has the lane's records applied; does not wait for the acknowledgement yet, so that lanes share that time. */
    public void take(Lane lane, List<ReceivedRecord> records) {
        long first = records.get(0).offset();
        if (databaseIsAway || nanoTime.getAsLong() - deadline > 0) {
            // each attempt would cost a time-out, and the consumer its place in the group
            log.goBack(lane, first);
            pauses.postponed(lane);
            return;
        }
        try {
            long next = records.get(records.size() - 1).offset() + 1;
            sent.put(lane, new Sent(first, next, applyAndPublish(lane, records)));
        } catch (RuntimeException e) {
            databaseIsAway = e instanceof DatabaseAwayException;
            putBack(lane, first, e);
        }
    }

    private Future<?> applyAndPublish(Lane lane, List<ReceivedRecord> records) {
        AppliedBatch batch = applying.apply(lane.site(), records);
        return batch.acknowledgement().<Future<?>>map(log::publish).orElse(CompletableFuture.completedFuture(null));
    }

    /** Awaits the acknowledgements and commits the offsets of those lanes that have theirs. */
    public void commitAcknowledged() {
        Map<Lane, Long> offsets = new LinkedHashMap<>();
        sent.forEach((lane, batch) -> {
            try {
                batch.acknowledgement().get();
                offsets.put(lane, batch.next());
                pauses.succeeded(lane);
            } catch (ExecutionException e) {
                putBack(lane, batch.first(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                putBack(lane, batch.first(), e);
            }
        });
        if (!offsets.isEmpty()) {
            log.commit(offsets);
        }
    }

    private void putBack(Lane lane, long first, Exception failure) {
        log.goBack(lane, first);
        Duration pause = pauses.failed(lane);
        LOG.warn(
                "{}: not done from offset {}, next attempt in {} ms: {}",
                lane.site().changesTopic(),
                first,
                pause.toMillis(),
                reason(failure));
    }

    /** MySQL's texts name values: of its failures the number alone is told. */
    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        int code = MySqlFailure.of(failure).code();
        return code == 0
                ? root.toString()
                : "MySQL error " + code + " (" + root.getClass().getSimpleName() + ")";
    }

    /** A committed batch whose acknowledgement is under way. */
    private record Sent(long first, long next, Future<?> acknowledgement) {}
}
