package dev.outboxsync.local.order;

import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code orders}. */
record Order(long id, long userId, BigDecimal amount, String status, Instant updatedAt) {}
