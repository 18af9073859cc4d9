package dev.outboxsync.relay;

import dev.outboxsync.queue.LeaderLease;
import dev.outboxsync.queue.SiteState;
import dev.outboxsync.queue.SyncQueue;

/** The relay's ports to DB_A. */
public record SiteDatabase(SyncQueue queue, SiteState state, LeaderLease lease) {}
