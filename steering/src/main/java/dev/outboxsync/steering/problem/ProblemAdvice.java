package dev.outboxsync.steering.problem;

import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns what goes wrong in or before a controller into a problem. The last to be asked: a service's own advice comes first. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** What nobody has thought of: a defect. The log has it whole, the client none of it. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleUnexpected(Exception failure, WebRequest request) {
        LOG.error("A request failed unexpectedly. Please report this as a defect.", failure);
        ErrorResponseException problem = Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The service failed. Its log says why: show it to whoever looks after the service.");
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** Tomcat decodes parameters when they are first asked for, and so within the application. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleUndecodable(InvalidParameterException failure, WebRequest request) {
        String detail =
                "The parameters in the address cannot be read. Write them as name=value, percent-encoded in UTF-8.";
        return refused(HttpStatus.BAD_REQUEST, detail, new HttpHeaders(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ErrorResponseException problem = JsonProblem.of(failure);
        return handleErrorResponseException(problem, headers, problem.getStatusCode(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException failure,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String offered =
                headers.getAllow().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        return refused(
                status, "This method is not offered at this address. Offered: " + offered + ".", headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException failure,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return refused(status, Problems.SEND_JSON, headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(
            HttpMediaTypeNotAcceptableException failure,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return refused(status, Problems.ASK_FOR_JSON, headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return refused(status, Problems.NOTHING_HERE, headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
            NoHandlerFoundException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return refused(status, Problems.NOTHING_HERE, headers, request);
    }

    private @Nullable ResponseEntity<Object> refused(
            HttpStatusCode status, String detail, HttpHeaders headers, WebRequest request) {
        ErrorResponseException problem = Problems.of(Problems.status(status.value()), detail);
        return handleErrorResponseException(problem, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem) {
            Problems.complete(problem);
        }
        // those of an exception may be read-only
        var own = new HttpHeaders();
        own.putAll(headers);
        own.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(body, own, status);
    }
}
