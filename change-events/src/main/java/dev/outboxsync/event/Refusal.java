package dev.outboxsync.event;

import org.jspecify.annotations.Nullable;

/**
 * One change that was refused.
 *
 * @param detail the key or column concerned, never a value
 */
public record Refusal(
        long sequence, Reason reason, @Nullable String detail) {
    /** As {@code last_error} says it: {@code DUPLICATE_KEY users.email}; with what is to be done, where it is not here. */
    public String text() {
        String text = detail == null ? reason.name() : reason.name() + " " + detail;
        return reason.advice().isEmpty() ? text : text + ": " + reason.advice();
    }
}
