package dev.outboxsync.simulation;

import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.LeaseHold;
import org.jspecify.annotations.Nullable;

/** The lease as a watched relay takes it: it extends what it has written itself, and gives it up when it is stopped. */
final class WatchedLease implements LeaderLease {
    private final LeaderLease lease;
    private final RelayWatch watch;
    private final ShopDatabase shop;

    private LeaseHold hold = LeaseHold.NONE;
    private boolean released;
    /** Which writing of the lease was this relay's last; null where nobody can tell. */
    private @Nullable Long leaseWritten = 0L;

    WatchedLease(LeaderLease lease, RelayWatch watch, ShopDatabase shop) {
        this.lease = lease;
        this.watch = watch;
        this.shop = shop;
    }

    /** Whether the relay may believe that it leads. */
    boolean isHeld() {
        return hold != LeaseHold.NONE;
    }

    /** The relay has been stopped, and nothing went wrong in that. */
    void demandThatItWasReleased() {
        if (isHeld() && !released) {
            throw new Violation(watch + " is stopped and keeps its lease");
        }
    }

    @Override
    public LeaseHold acquire() {
        Long known = leaseWritten;
        leaseWritten = null;
        long found = shop.queue.lease;
        long written = shop.queue.leasesWritten;
        int restores = shop.restores;
        hold = lease.acquire();
        boolean taken = isHeld();
        if (restores == shop.restores && shop.queue.leasesWritten == written + (taken ? 1 : 0)) {
            demandThatItIsKnown(known, found);
            leaseWritten = taken ? shop.queue.lease : 0;
        }
        released = false;
        watch.leads(hold);
        return hold;
    }

    /** What it extends is what it has written last, and nobody else since: not in another database either. */
    private void demandThatItIsKnown(@Nullable Long known, long found) {
        if (hold == LeaseHold.EXTENDED && known != null && known != found) {
            throw new Violation(watch + " extends the lease of another relay, or of another database");
        }
    }

    @Override
    public boolean stands() {
        boolean stands = lease.stands();
        hold = stands ? hold : LeaseHold.NONE;
        watch.looks(stands);
        return stands;
    }

    @Override
    public void release() {
        lease.release();
        released = true;
    }
}
