package dev.outboxsync.local.user;

import dev.outboxsync.local.request.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code users}. */
record User(long id, String name, String email, @Nullable Instant updatedAt) {
    Version version() {
        return Version.of(id, name, email, updatedAt);
    }
}
