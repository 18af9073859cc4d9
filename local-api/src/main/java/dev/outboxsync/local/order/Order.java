package dev.outboxsync.local.order;

import dev.outboxsync.local.request.Version;
import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code orders}. */
record Order(long id, long userId, BigDecimal amount, String status, Instant updatedAt) {
    Version version() {
        return Version.of(id, userId, amount, status, updatedAt);
    }
}
