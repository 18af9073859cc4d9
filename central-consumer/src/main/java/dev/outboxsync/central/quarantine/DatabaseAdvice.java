package dev.outboxsync.central.quarantine;

import dev.outboxsync.mysql.MySqlFailure;
import dev.outboxsync.steering.problem.Problems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a failure of DB_B is for a client. */
@RestControllerAdvice
@Order(0)
class DatabaseAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAdvice.class);

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ErrorResponse databaseAway(RuntimeException failure, HttpMethod method) {
        LOG.warn(
                "A request was answered 503: DB_B, {}", MySqlFailure.of(failure).inWords());
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        ErrorResponseException problem = Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The central database cannot be used now. "
                        + (reads
                                ? "Nothing was changed: try again."
                                : "Look whether anything was changed before you repeat the request."));
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }
}
