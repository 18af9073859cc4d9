package dev.outboxsync.steering.problem;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** Refusals as RFC 9457 asks for, with {@code errors}: a list of {@code {field, reason}}, empty where no field is to blame. */
public final class Problems {
    static final String ERRORS = "errors";

    private static final URI NO_TYPE = URI.create("about:blank");
    static final String SEND_JSON =
            "The body must be JSON in UTF-8. Send it with the header Content-Type: application/json.";
    static final String ASK_FOR_JSON =
            "The answer does not come in a form that the header Accept names. Ask with Accept: */*, or without one.";
    static final String TOO_SLOW = "The body came too slowly. Nothing was changed: send the request again.";
    static final String NOT_JSON =
            "The body is not valid JSON in UTF-8, each field once. Correct it and send it again.";
    static final String NOTHING_HERE = "There is nothing at this address. Look for a typing error in it.";

    private static final Map<HttpStatus, String> DETAILS = Map.of(
            HttpStatus.BAD_REQUEST,
            "The request cannot be read: its address or headers are malformed, too many or longer than 8 KB, or its body is not as"
                    + " long as it says. Correct that and send it again.",
            HttpStatus.NOT_FOUND,
            NOTHING_HERE,
            HttpStatus.METHOD_NOT_ALLOWED,
            "This method is not offered. Use GET, POST, PUT or DELETE.",
            HttpStatus.REQUEST_TIMEOUT,
            TOO_SLOW,
            HttpStatus.EXPECTATION_FAILED,
            "The header Expect asks for what this service does not do. Leave it out.",
            HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            "The header Range asks for what is not there. Leave it out.",
            HttpStatus.CONTENT_TOO_LARGE,
            "The body is too large. Send less at once.",
            HttpStatus.NOT_IMPLEMENTED,
            "This method, or this Transfer-Encoding, is not offered. Use GET, POST, PUT or DELETE, with a plain body.",
            HttpStatus.HTTP_VERSION_NOT_SUPPORTED,
            "This version of HTTP is not spoken here. Ask with HTTP/1.1.",
            HttpStatus.INTERNAL_SERVER_ERROR,
            "The service failed. Its log says why: show it to whoever looks after the service.");

    private Problems() {}

    /**
     * A refusal to throw.
     *
     * @param detail a sentence for people, without values of other requests or of the database
     */
    public static ErrorResponseException of(HttpStatus status, String detail, FieldProblem... errors) {
        return of(status, detail, List.of(errors));
    }

    /** A refusal of which no more is known than its status. */
    static ErrorResponseException of(HttpStatus status) {
        return of(status, detail(status));
    }

    /** As {@link #of(HttpStatus, String, FieldProblem...)}. */
    public static ErrorResponseException of(HttpStatus status, String detail, List<FieldProblem> errors) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setProperty(ERRORS, errors);
        complete(body);
        return new ErrorResponseException(status, body, null);
    }

    /** The body for a refusal of which no more is known than its status. */
    static ProblemDetail body(HttpStatus status) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail(status));
        complete(body);
        return body;
    }

    private static String detail(HttpStatus status) {
        return DETAILS.getOrDefault(status, status.getReasonPhrase() + ".");
    }

    /** Gives a problem made elsewhere the members that all of ours have. */
    static void complete(ProblemDetail body) {
        if (body.getProperties() == null || !body.getProperties().containsKey(ERRORS)) {
            body.setProperty(ERRORS, List.of());
        }
        body.setType(body.getType() == null ? NO_TYPE : body.getType());
    }

    static HttpStatus status(int code) {
        HttpStatus status = HttpStatus.resolve(code);
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }

    /** The address as a URI; null for one that is none. */
    static @Nullable URI instance(String uri) {
        try {
            return URI.create(uri);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
