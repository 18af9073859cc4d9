package dev.outboxsync.local.user;

import java.time.Instant;

/** A row of {@code users}. */
record User(long id, String name, String email, Instant updatedAt) {}
