package dev.outboxsync.steering.problem;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says which field of a body is wrong, without repeating what it held. */
final class JsonProblem {
    private static final String AN_OBJECT =
            "The body must be one JSON object, in braces, with one value to each field.";
    private static final String TOO_MUCH =
            "A number or a name in the body is far too long, or it is nested too deeply. Send a shorter or flatter one.";
    private static final String WRONG = "has a wrong type, or is far too large or small";
    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "must be a text in quotes",
            BigInteger.class, "must be a whole number in digits, without quotes",
            BigDecimal.class, "must be a number without quotes",
            Long.class, "must be a whole number in digits, without quotes",
            Boolean.class, "must be true or false without quotes",
            List.class, "must be a list in square brackets",
            ArrayList.class, "must be a list in square brackets");

    private JsonProblem() {}

    static ErrorResponseException of(HttpMessageNotReadableException failure) {
        Throwable cause = failure.getCause();
        if (cause == null) {
            return Problems.of(HttpStatus.BAD_REQUEST, AN_OBJECT);
        }
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return wrongField(unknown, "is not known here; known: " + names(unknown));
        }
        if (cause instanceof DatabindException wrong && !wrong.getPath().isEmpty()) {
            return wrongField(wrong, reason(wrong));
        }
        if (cause instanceof StreamConstraintsException) {
            return Problems.of(HttpStatus.BAD_REQUEST, TOO_MUCH);
        }
        if (cause instanceof InputCoercionException number) {
            return wrongField(number, "is a number that is too large or too small");
        }
        String detail = cause instanceof DatabindException ? AN_OBJECT : Problems.NOT_JSON;
        return Problems.of(HttpStatus.BAD_REQUEST, detail);
    }

    private static ErrorResponseException wrongField(JacksonException failure, String reason) {
        String field = failure.getPath().stream().map(JsonProblem::step).collect(Collectors.joining("."));
        return Problems.of(
                HttpStatus.BAD_REQUEST,
                "A field of the body is wrong.",
                new FieldProblem(FieldProblem.shown(field), reason));
    }

    private static String reason(DatabindException failure) {
        return failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
                ? TYPES.getOrDefault(mismatch.getTargetType(), WRONG)
                : WRONG;
    }

    private static String names(UnrecognizedPropertyException failure) {
        return failure.getKnownPropertyIds().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String step(JacksonException.Reference reference) {
        @Nullable String property = reference.getPropertyName();
        return property == null ? Integer.toString(reference.getIndex()) : property;
    }
}
