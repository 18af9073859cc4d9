package dev.outboxsync.event;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Moments as our JSON writes them: UTC with six decimals, {@code 2026-11-23T06:00:00.123456Z}. */
public final class UtcTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private UtcTime() {}

    /** Cut, not rounded, to microseconds: MySQL would round, and a time must not lie in the future of itself. */
    public static String text(Instant moment) {
        return FORMAT.format(moment.truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * Reads a moment.
     *
     * @throws java.time.DateTimeException if the text is no moment with a zone
     */
    public static Instant moment(String text) {
        return Instant.parse(text);
    }
}
