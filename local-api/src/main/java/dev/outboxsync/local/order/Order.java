package dev.outboxsync.local.order;

import dev.outboxsync.local.request.Version;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code orders}. */
record Order(
        long id,
        long userId,
        BigDecimal amount,
        String status,
        @Nullable Instant updatedAt) {
    Version version() {
        return Version.of(id, userId, amount, status, updatedAt);
    }
}
