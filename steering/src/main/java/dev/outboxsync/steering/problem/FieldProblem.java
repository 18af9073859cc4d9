package dev.outboxsync.steering.problem;

/**
 * What is wrong with one field of a request.
 *
 * @param field its name; never its value
 * @param reason for people, e.g. "must not be blank"
 */
public record FieldProblem(String field, String reason) {
    private static final int LONGEST_NAME = 100;

    /** A name that a client made up, as far as it is shown. */
    public static String shown(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
    }
}
