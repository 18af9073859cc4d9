package dev.outboxsync.relay;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.ResyncDue;
import java.time.Duration;
import java.util.List;

class InMemorySiteTest extends SyncQueueContract {
    private final SettableClock clock = new SettableClock();
    private final InMemorySite memory = new InMemorySite(clock, PATIENCE, new Faults());

    @Override
    SiteDatabase site(String relay, Duration lease) {
        clock.advance(Duration.ofMillis(1));
        return memory.database(relay, lease);
    }

    @Override
    long reserve() {
        return memory.reserve();
    }

    @Override
    void commit(long id, Operation operation, String user, String payload) {
        memory.commit(new QueuedChange(id, "users", user, operation, InMemorySite.CAPTURED, payload, null));
    }

    @Override
    Row row(long id) {
        InMemorySite.Row row = memory.row(id);
        return new Row(row.status, row.retryCount, row.lastError, row.epoch);
    }

    @Override
    ResyncDue due() {
        return memory.due;
    }

    @Override
    Sums sums() {
        return new Sums(memory.synced, memory.failed, memory.seen);
    }

    @Override
    List<SequenceRange> receipts() {
        return memory.receipts;
    }

    @Override
    void setLeaseBack() {
        memory.setLeaseBack();
    }

    @Override
    void purge(long id) {
        memory.rows().remove(id);
    }

    @Override
    void refusedLongAgo(long id) {
        memory.row(id).refusedSince = clock.instant().minus(PATIENCE.multipliedBy(2));
    }
}
