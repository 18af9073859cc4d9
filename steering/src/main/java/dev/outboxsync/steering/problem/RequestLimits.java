package dev.outboxsync.steering.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets through only requests whose whole body is there, within the limits, as plain UTF-8; and no path with a semicolon,
 * of which the rest would silently be ignored.
 */
final class RequestLimits extends OncePerRequestFilter {
    private static final String IDENTITY = "identity";

    /** A proxy in front may look at one of two, and we at the other. */
    private static final List<String> ONCE =
            List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_ENCODING);

    private final BodyLimits limits;
    private final Semaphore bodies;
    private final HandlerExceptionResolver refusals;

    /** @param mostBodies so many requests may have their bodies awaited at once: the other threads answer the rest */
    RequestLimits(BodyLimits limits, int mostBodies, HandlerExceptionResolver refusals) {
        this.limits = limits;
        this.bodies = new Semaphore(mostBodies);
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpServletRequest whole;
        try {
            demandPlain(request);
            whole = new WholeRequest(request, body(request));
        } catch (ErrorResponseException refusal) {
            if (response.isCommitted()) {
                return; // a body that stops: the server below us has told it already, by TomcatProblems
            }
            refusals.resolveException(request, response, null, refusal);
            return;
        }
        chain.doFilter(whole, response);
    }

    private byte[] body(HttpServletRequest request) throws IOException {
        boolean isAwaited =
                request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (!isAwaited) {
            return limits.read(request);
        }
        if (!bodies.tryAcquire()) {
            throw RequestRate.tooMany(0);
        }
        try {
            return limits.read(request);
        } finally {
            bodies.release();
        }
    }

    private static void demandPlain(HttpServletRequest request) {
        if (request.getRequestURI().indexOf(';') >= 0) {
            throw Problems.of(
                    HttpStatus.BAD_REQUEST, "The address holds a semicolon. Leave out the semicolon and what follows.");
        }
        for (String name : ONCE) {
            if (Collections.list(request.getHeaders(name)).size() > 1) {
                throw Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "A header is there twice, and nobody knows which one is meant. Send it once.",
                        new FieldProblem(name, "must be given once"));
            }
        }
        String encoding = Objects.requireNonNullElse(request.getHeader(HttpHeaders.CONTENT_ENCODING), IDENTITY);
        if (!encoding.equalsIgnoreCase(IDENTITY)) {
            throw Problems.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "A body with this header Content-Encoding is not taken. Send it as it is, without that header.");
        }
        if (!isUtf8(request.getContentType())) {
            throw Problems.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, Problems.SEND_JSON);
        }
        if (!Collections.list(request.getHeaders(HttpHeaders.ACCEPT)).stream().allMatch(RequestLimits::isAnswerable)) {
            throw Problems.of(HttpStatus.NOT_ACCEPTABLE, Problems.ASK_FOR_JSON);
        }
    }

    /** Else it would show when the answer is written, and so after the change was made; the actuator would fail. */
    private static boolean isAnswerable(String accept) {
        try {
            return accept.isBlank()
                    || Arrays.stream(accept.split(",", -1))
                            .map(MediaType::parseMediaType)
                            .allMatch(RequestLimits::hasUsualCharset);
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    /** Spring reads a body in whatever charset it is said to have; JSON has but one (RFC 8259, section 8.1). */
    private static boolean isUtf8(@Nullable String contentType) {
        try {
            if (contentType == null) {
                return true;
            }
            MediaType type = MediaType.parseMediaType(contentType);
            return type.isConcrete() && hasUsualCharset(type);
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    private static boolean hasUsualCharset(MediaType type) {
        String charset = type.getParameter("charset");
        return charset == null || charset.replace("\"", "").equalsIgnoreCase(StandardCharsets.UTF_8.name());
    }
}
