package dev.outboxsync.event;

import org.jspecify.annotations.Nullable;

/** A record of a topic that is not what the contract says. Carries no value of it. */
public final class MalformedRecordException extends Exception {
    private final Problem problem;
    private final @Nullable String field;

    MalformedRecordException(Problem problem, @Nullable String field, @Nullable Throwable cause) {
        super(field == null ? problem.name() : problem.name() + " " + field, cause);
        this.problem = problem;
        this.field = field;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }

    /** The field concerned, where there is one. */
    public @Nullable String field() {
        return field;
    }

    /** What can be wrong with a record. */
    public enum Problem {
        /** Not one JSON object in UTF-8. */
        MALFORMED,
        /** Another version than 1. */
        UNSUPPORTED_VERSION,
        /** A required field is missing, of the wrong type, or has a value outside the contract. */
        WRONG_FIELD,
        /** The record names another site than its topic. */
        UNKNOWN_SITE,
        /** Far larger than any change, as only what was compressed can be: it is not looked into. */
        TOO_LARGE
    }
}
