package dev.outboxsync.local.order;

import dev.outboxsync.event.UtcTime;
import dev.outboxsync.local.capture.Captured;
import dev.outboxsync.local.capture.Sync;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** An order as clients see it. */
record OrderAnswer(
        long id,
        long userId,
        BigDecimal amount,
        String status,
        @Nullable String updatedAt,
        @Nullable Sync sync) {
    static OrderAnswer of(Order order, @Nullable Sync sync) {
        return new OrderAnswer(
                order.id(),
                order.userId(),
                order.amount(),
                order.status(),
                order.updatedAt() == null ? null : UtcTime.text(order.updatedAt()),
                sync);
    }

    static OrderAnswer of(Captured<Order> written) {
        return of(written.result(), written.sync());
    }
}
