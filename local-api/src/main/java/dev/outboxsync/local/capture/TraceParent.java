package dev.outboxsync.local.capture;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} of the W3C's Trace Context, version 00. */
final class TraceParent {
    private static final Pattern VALID = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** The header's value; null when there is none, or one that the standard tells to ignore. */
    static @Nullable String valid(@Nullable String header) {
        return header != null && VALID.matcher(header).matches() ? header : null;
    }
}
