package dev.outboxsync.local;

import dev.outboxsync.event.Reason;
import dev.outboxsync.mysql.FailureClass;
import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a failure of DB_A is for the client. The transaction is over by then, and nothing of it is left. */
@RestControllerAdvice
@Order(0)
class DatabaseAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAdvice.class);
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
    private static final String AFTER_CONTENTION = "1";
    private static final String AFTER_OUTAGE = "5";

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<ProblemDetail> problem(RuntimeException exception, HttpMethod method) {
        MySqlFailure failure = MySqlFailure.of(exception);
        ErrorResponseException problem = failure.failureClass() == FailureClass.REFUSAL
                ? refusal(Objects.requireNonNull(failure.reason()), column(failure.detail()))
                : unavailable(failure.failureClass(), method);
        if (problem.getStatusCode().is5xxServerError()) {
            LOG.warn(
                    "A request was answered {}: {} of DB_A, {}",
                    problem.getStatusCode(),
                    failure.failureClass(),
                    failure.inWords());
        }
        return ResponseEntity.status(problem.getStatusCode())
                .headers(problem.getHeaders())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.getBody());
    }

    private static ErrorResponseException unavailable(FailureClass failure, HttpMethod method) {
        if (failure == FailureClass.CONTENTION) {
            return unavailable("Other transactions were in the way. Nothing was changed: try again.", AFTER_CONTENTION);
        }
        String then = READING.contains(method)
                ? "Nothing was changed: try again."
                : "Whether this request changed anything is not known: look before you repeat it.";
        return unavailable("The site's database cannot be used now. " + then, AFTER_OUTAGE);
    }

    private static ErrorResponseException unavailable(String detail, String retryAfterSeconds) {
        ErrorResponseException problem = Problems.of(HttpStatus.SERVICE_UNAVAILABLE, detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfterSeconds);
        return problem;
    }

    private static ErrorResponseException refusal(Reason reason, String field) {
        return switch (reason) {
            case DUPLICATE_KEY ->
                Problems.of(
                        HttpStatus.CONFLICT,
                        "Another record has this value already. Choose another one.",
                        new FieldProblem(field, "is taken already"));
            case MISSING_PARENT ->
                Problems.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "The record that this one refers to does not exist. Make that one first, or refer to another.",
                        new FieldProblem(field, "does not exist"));
            case HAS_CHILDREN ->
                Problems.of(HttpStatus.CONFLICT, "Other records refer to this one. Delete or change those first.");
            case TOO_LONG, OUT_OF_RANGE, INVALID_VALUE ->
                Problems.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "The database does not take this value. Nothing was changed: correct it and send the request again.",
                        new FieldProblem(field, "is not taken by the database"));
            default ->
                unavailable(
                        "The site's database is not set up for this service yet. Nothing was changed: try again. If it stays so,"
                                + " the service's log says what is missing.",
                        AFTER_OUTAGE);
        };
    }

    /** The last part of a key's or column's name: {@code users.email} is about the field {@code email}. */
    private static String column(@Nullable String detail) {
        return detail == null ? "" : detail.substring(detail.lastIndexOf('.') + 1);
    }
}
