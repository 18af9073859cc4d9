package dev.outboxsync.steering.request;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/** Ids as clients write them: whole numbers from 1 on, in plain digits. */
public final class RecordId {
    private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{0,18}");

    private RecordId() {}

    /** The id in a path; anything else is refused, 400. */
    public static long inPath(String text) {
        return parse(text)
                .orElseThrow(() -> Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "The address holds no valid id.",
                        new FieldProblem("id", "must be a whole number from 1 to " + Long.MAX_VALUE)));
    }

    /** The number; empty for what is none, is less than 1 or does not fit into 63 bits. */
    static OptionalLong parse(String text) {
        if (!DIGITS.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException tooGreat) {
            return OptionalLong.empty();
        }
    }
}
