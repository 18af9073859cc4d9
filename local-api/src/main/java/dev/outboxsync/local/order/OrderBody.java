package dev.outboxsync.local.order;

import dev.outboxsync.local.request.Fields;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An order as a client sends it. */
record OrderBody(
        @Nullable BigInteger userId,
        @Nullable BigDecimal amount,
        @Nullable String status) {
    private static final String DEFAULT_STATUS = "PENDING";
    private static final Pattern STATUS = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final BigDecimal GREATEST_AMOUNT = new BigDecimal("9999999999.99");
    private static final int DECIMALS = 2;

    /** The new order, refused, 400, with all that is wrong. Without a status it is PENDING. */
    OrderFields checkedAsNew() {
        return new OrderBody(userId, amount, status == null ? DEFAULT_STATUS : status).checked();
    }

    /** The whole order; refused, 400, with all that is wrong or missing. */
    OrderFields checked() {
        var fields = new Fields();
        var checked = new OrderFields(
                fields.check("user_id", userId, BigInteger.ONE, OrderBody::problemOfId)
                        .longValue(),
                fields.check("amount", amount, BigDecimal.ZERO, OrderBody::problemOfAmount),
                fields.check("status", status, "", OrderBody::problemOfStatus));
        fields.demandAllGood();
        // 1, 1.0 and 1.00 are one amount, and a repeat may write another one of them
        return new OrderFields(checked.userId(), checked.amount().setScale(DECIMALS), checked.status());
    }

    private static @Nullable String problemOfId(BigInteger value) {
        boolean inRange = value.signum() > 0 && value.bitLength() < Long.SIZE;
        return inRange ? null : "must be a whole number from 1 to " + Long.MAX_VALUE;
    }

    private static @Nullable String problemOfAmount(BigDecimal value) {
        // Neither writes the number out: 1e400000000 would be 400 million digits.
        boolean inRange = value.signum() >= 0 && value.compareTo(GREATEST_AMOUNT) <= 0;
        return inRange && value.scale() <= DECIMALS
                ? null
                : "must be a number from 0 to " + GREATEST_AMOUNT + " with at most two decimals";
    }

    private static @Nullable String problemOfStatus(String value) {
        return STATUS.matcher(value).matches() ? null : "must be 1 to 20 letters, digits, '_' and '-'";
    }
}
