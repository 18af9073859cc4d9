package dev.outboxsync.central;

import dev.outboxsync.event.MalformedRecordException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A record that is no change event of its topic's site.
 *
 * @param field the field to blame, where there is one
 */
record Poison(
        ReceivedRecord record, Problem problem, @Nullable String field) {}
