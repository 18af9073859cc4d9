package dev.outboxsync.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Moments as our JSON writes them: UTC with six decimals, {@code 2026-11-23T06:00:00.123456Z}. */
public final class UtcTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Instant FIRST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private UtcTime() {}

    /** Cut, not rounded, to microseconds: MySQL would round, and a time must not lie in the future of itself. */
    public static String text(Instant moment) {
        return FORMAT.format(moment.truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * Reads a moment, cut to microseconds, as {@link #text} writes it.
     *
     * @throws DateTimeException if the text is no moment with a zone, or lies outside the years 1000 to 9999 of a DATETIME
     */
    public static Instant moment(String text) {
        Instant moment = Instant.parse(text);
        if (moment.isBefore(FIRST) || !moment.isBefore(END)) {
            throw new DateTimeException("not between the years 1000 and 9999");
        }
        return moment.truncatedTo(ChronoUnit.MICROS);
    }
}
