package dev.outboxsync.local.user;

import dev.outboxsync.event.UtcTime;
import dev.outboxsync.local.capture.Captured;
import dev.outboxsync.local.capture.Sync;
import org.jspecify.annotations.Nullable;

/** A user as clients see it. */
record UserAnswer(
        long id,
        String name,
        String email,
        @Nullable String updatedAt,
        @Nullable Sync sync) {
    static UserAnswer of(User user, @Nullable Sync sync) {
        return new UserAnswer(
                user.id(),
                user.name(),
                user.email(),
                user.updatedAt() == null ? null : UtcTime.text(user.updatedAt()),
                sync);
    }

    static UserAnswer of(Captured<User> written) {
        return of(written.result(), written.sync());
    }
}
