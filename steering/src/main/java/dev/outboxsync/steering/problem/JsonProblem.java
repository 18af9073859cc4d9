package dev.outboxsync.steering.problem;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says which field of a body is wrong, without repeating what it held. */
final class JsonProblem {
    private static final int LONGEST_NAME = 100;

    private JsonProblem() {}

    static ErrorResponseException of(HttpMessageNotReadableException failure) {
        Throwable cause = failure.getCause();
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof ErrorResponseException refusal) {
                return refusal; // RequestLimits stopped the reading
            }
        }
        if (cause == null) {
            return Problems.of(HttpStatus.BAD_REQUEST, "The body must be a JSON object.");
        }
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return wrongField(unknown, "is not a field of this request");
        }
        if (cause instanceof DatabindException wrong && !wrong.getPath().isEmpty()) {
            return wrongField(wrong, "has a wrong type");
        }
        String detail = cause instanceof DatabindException
                ? "The body must be a JSON object."
                : "The body is not valid JSON, each field once, in UTF-8.";
        return Problems.of(HttpStatus.BAD_REQUEST, detail);
    }

    private static ErrorResponseException wrongField(DatabindException failure, String reason) {
        String field = failure.getPath().stream().map(JsonProblem::step).collect(Collectors.joining("."));
        String shown = field.substring(0, Math.min(field.length(), LONGEST_NAME));
        return Problems.of(HttpStatus.BAD_REQUEST, "A field of the body is wrong.", new FieldProblem(shown, reason));
    }

    private static String step(JacksonException.Reference reference) {
        @Nullable String property = reference.getPropertyName();
        return property == null ? Integer.toString(reference.getIndex()) : property;
    }
}
