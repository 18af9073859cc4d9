package dev.outboxsync.steering.problem;

/**
 * What is wrong with one field of a request.
 *
 * @param field its name; never its value
 * @param reason for people, e.g. "must not be blank"
 */
public record FieldProblem(String field, String reason) {}
