package dev.outboxsync.local.repeat;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does once what a client asks for twice under one Idempotency-Key, and tells it the same twice. A request that was refused
 * or failed leaves no key: its repeat is a first one.
 */
@Component
public class Repeats {
    private final FirstAnswers answers;
    private final RepeatProperties properties;
    private final JsonMapper json;
    private final HttpServletRequest request;

    /** @param request stands for the request of whatever thread asks it */
    Repeats(FirstAnswers answers, RepeatProperties properties, JsonMapper json, HttpServletRequest request) {
        this.answers = answers;
        this.properties = properties;
        this.json = json;
        this.request = request;
    }

    /**
     * The work's result, or that of the first request with this one's key. To be called in a transaction, which keeps the
     * key with what the work has written; it waits for another transaction with this key.
     *
     * @param fields what the client asks for
     * @param type of the result, which must survive JSON
     * @throws ErrorResponseException 400 for a key that is none, 422 for one that was used for something else
     */
    public <T> T once(Object fields, JavaType type, Supplier<T> work) {
        Optional<IdempotencyKey> given =
                IdempotencyKey.of(Collections.list(request.getHeaders(IdempotencyKey.HEADER)), properties.longestKey());
        if (given.isEmpty()) {
            return work.get();
        }
        IdempotencyKey key = given.get();
        String fingerprint = fingerprint(fields);
        if (!answers.claim(key, fingerprint)) {
            return json.readValue(recalled(key, fingerprint), type);
        }
        T result = work.get();
        answers.keep(key, json.writeValueAsString(result));
        return result;
    }

    private String recalled(IdempotencyKey key, String fingerprint) {
        FirstAnswers.First first = answers.read(key);
        if (!first.fingerprint().equals(fingerprint)) {
            throw Problems.of(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "This Idempotency-Key was used for another request. Send a new key for a new record.",
                    new FieldProblem(IdempotencyKey.HEADER, "was used for another request"));
        }
        return first.answer();
    }

    /** Of the checked fields, not of the octets: a client that repeats may write its JSON in another order. */
    private String fingerprint(Object fields) {
        String asked = request.getRequestURI() + " " + json.writeValueAsString(fields);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(asked.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
