package dev.outboxsync.local.order;

import java.math.BigDecimal;

/** What a client may say of an order, checked. */
record OrderFields(long userId, BigDecimal amount, String status) {}
