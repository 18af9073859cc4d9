package dev.outboxsync.local.user;

import dev.outboxsync.local.request.Version;
import java.time.Instant;

/** A row of {@code users}. */
record User(long id, String name, String email, Instant updatedAt) {
    Version version() {
        return Version.of(id, name, email, updatedAt);
    }
}
