package dev.outboxsync.local.request;

import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * The headers {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13.1): who changes a record may say which version
 * of it he has seen, or which it must not be.
 */
@Component
public class Preconditions {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");
    private static final String A_TAG = "\0";
    private static final String ANY = "*";
    private static final String WEAK = "W/";

    private final HttpServletRequest request;
    private final boolean required;

    /** @param request stands for the request of whatever thread asks it */
    Preconditions(HttpServletRequest request, LocalApiProperties properties) {
        this.request = request;
        this.required = properties.requirePrecondition();
    }

    /**
     * Demands that the record is as the client has seen it, if it says what it has seen. To be called in the transaction
     * that changes the record.
     *
     * @param current reads the record's version and locks it; what it throws for a record that is not there wins
     * @throws ErrorResponseException 400 for a header that is malformed, 412 for another version, 428 where the header is
     *     missing and the service demands it
     */
    public void demand(Supplier<Version> current) {
        Optional<String> seen = header(HttpHeaders.IF_MATCH);
        Optional<String> unwanted = header(HttpHeaders.IF_NONE_MATCH);
        if (seen.isEmpty()) {
            demandOptional();
        }
        if (seen.isEmpty() && unwanted.isEmpty()) {
            return;
        }
        Version now = current.get();
        if (seen.isPresent() && !matches(seen.get(), now.tag())) {
            throw refusal(
                    HttpStatus.PRECONDITION_FAILED,
                    HttpHeaders.IF_MATCH,
                    "If-Match does not name the record's ETag: usually the record was changed since you looked at it; and a tag with"
                            + " W/ never fits. Look again, decide anew, and send the ETag without W/.",
                    "is not the record's ETag now");
        }
        if (unwanted.isPresent() && matches(unwanted.get().replace(WEAK, ""), now.tag())) {
            throw refusal(
                    HttpStatus.PRECONDITION_FAILED,
                    HttpHeaders.IF_NONE_MATCH,
                    "The record is there, and is what you say it must not be. To change it all the same, leave the header out.",
                    "is the record's ETag now");
        }
    }

    private static boolean matches(String header, String tag) {
        return header.equals(ANY)
                || TAG.matcher(header).results().anyMatch(named -> named.group().equals(tag));
    }

    /** Its value, whole; empty when it is missing; refused, 400, when it is malformed. */
    private Optional<String> header(String name) {
        List<String> headers = Collections.list(request.getHeaders(name));
        String value = String.join(",", headers).strip();
        if (!headers.isEmpty() && !value.equals(ANY) && !isList(value)) {
            throw refusal(
                    HttpStatus.BAD_REQUEST,
                    name,
                    "The header " + name + " is malformed. Send the ETag as GET shows it, quotes included.",
                    "must be an ETag in quotes, a list of them, or *");
        }
        return headers.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /** No pattern over the whole list: a repeated group ends the stack, or time, on a header made for it. */
    private static boolean isList(String header) {
        List<String> members = Arrays.stream(
                        TAG.matcher(header).replaceAll(A_TAG).split(",", -1))
                .map(String::strip)
                .filter(member -> !member.isEmpty())
                .toList();
        return !members.isEmpty() && members.stream().allMatch(A_TAG::equals);
    }

    private void demandOptional() {
        if (required) {
            throw refusal(
                    HttpStatus.PRECONDITION_REQUIRED,
                    HttpHeaders.IF_MATCH,
                    "This service changes only what you have looked at. Send the ETag that GET shows as If-Match.",
                    "must be there");
        }
    }

    private static ErrorResponseException refusal(HttpStatus status, String header, String detail, String reason) {
        return Problems.of(status, detail, new FieldProblem(header, reason));
    }
}
