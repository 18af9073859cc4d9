package dev.outboxsync.local.repeat;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * A client's name for one thing that it wants done once: the header of draft-ietf-httpapi-idempotency-key-header. The
 * draft has it in quotes, most clients send it without: both are the same key.
 */
record IdempotencyKey(String value) {
    static final String HEADER = "Idempotency-Key";

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern WORD = Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]+");

    /** The key of a request; empty for one without; refused, 400, when it is none. */
    static Optional<IdempotencyKey> of(List<String> headers, int longest) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        String header = headers.get(0).strip();
        var quoted = QUOTED.matcher(header);
        String value = quoted.matches() ? quoted.group(1) : header;
        boolean good = headers.size() == 1
                && value.length() <= longest
                && WORD.matcher(value).matches();
        if (!good) {
            throw Problems.of(
                    HttpStatus.BAD_REQUEST,
                    "The header Idempotency-Key is wrong. Send it once, with a new random UUID for each new record.",
                    new FieldProblem(
                            HEADER,
                            "must be 1 to " + longest + " visible ASCII characters without quotes, commas, semicolons"
                                    + " and backslashes"));
        }
        return Optional.of(new IdempotencyKey(value));
    }
}
