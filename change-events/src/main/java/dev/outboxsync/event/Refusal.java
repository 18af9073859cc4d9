package dev.outboxsync.event;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One change that was refused.
 *
 * @param detail the key or column concerned, never a value. A name may be anything that somebody sends, and is shown in
 *     logs: what is not visible in it becomes {@code ?}, and it is cut
 */
public record Refusal(
        long sequence, Reason reason, @Nullable String detail) {
    /** The longest name of a table, a dot, and the longest name of a column. */
    private static final int LONGEST_DETAIL = 64 + 1 + 64;

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}]");

    public Refusal {
        detail = detail == null ? null : visible(detail);
    }

    private static String visible(String name) {
        boolean tooLong = name.codePointCount(0, name.length()) > LONGEST_DETAIL;
        String cut = tooLong ? name.substring(0, name.offsetByCodePoints(0, LONGEST_DETAIL)) : name;
        return INVISIBLE.matcher(cut).replaceAll("?");
    }

    /** As {@code last_error} says it: {@code DUPLICATE_KEY users.email}; with what is to be done, where it is not here. */
    public String text() {
        String text = detail == null ? reason.name() : reason.name() + " " + detail;
        return reason.advice().isEmpty() ? text : text + ": " + reason.advice();
    }
}
