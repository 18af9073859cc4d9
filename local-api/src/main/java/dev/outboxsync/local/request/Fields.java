package dev.outboxsync.local.request;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Checks the fields of one body, all of them, before it refuses the body. For one thread. */
public final class Fields {
    private final List<FieldProblem> problems = new ArrayList<>();

    /**
     * Checks one field that must be there.
     *
     * @param problem what is wrong with the value, or null
     * @return the value; if it was missing, what to put in its place until {@link #demandAllGood()} refuses the body
     */
    public <T> T check(String field, @Nullable T value, T placeholder, Function<T, @Nullable String> problem) {
        String reason = value == null ? "must be there and not null" : problem.apply(value);
        if (reason != null) {
            problems.add(new FieldProblem(field, reason));
        }
        return value == null ? placeholder : value;
    }

    /** Refuses the body, 400, if any check found a problem. */
    public void demandAllGood() {
        if (!problems.isEmpty()) {
            throw Problems.of(HttpStatus.BAD_REQUEST, "Some fields of the body are wrong.", problems);
        }
    }
}
