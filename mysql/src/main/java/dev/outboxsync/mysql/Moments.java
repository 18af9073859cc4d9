package dev.outboxsync.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads moments that others may have written. */
public final class Moments {
    private Moments() {}

    /**
     * A DATETIME at UTC; null where it is none, or no day of the calendar, such as 0000-00-00 and 2026-02-00, which writers
     * outside of strict mode leave behind.
     */
    public static @Nullable Instant find(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        try {
            return text == null
                    ? null
                    : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException noDay) {
            return null;
        }
    }
}
