package dev.outboxsync.steering;

import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Keeps pages of other sites out, which a browser on this machine runs and whose requests come over the loopback as well: those
 * that have their own name lead here, and those that would write from where they are. What is no browser sends no Origin.
 */
final class ForeignPages extends OncePerRequestFilter {
    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");

    private final OwnNames names;
    private final HandlerExceptionResolver refusals;

    ForeignPages(OwnNames names, HandlerExceptionResolver refusals) {
        this.names = names;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            demandOwnName(request);
            demandOwnPage(request);
        } catch (ErrorResponseException refusal) {
            refusals.resolveException(request, response, null, refusal);
            return;
        }
        chain.doFilter(request, response);
    }

    /** Without the header no browser asks: it is one of HTTP/1.0, and the server below refuses it of anybody later. */
    private void demandOwnName(HttpServletRequest request) {
        String host = request.getHeader(HttpHeaders.HOST);
        if (host != null && !names.hold(host)) {
            throw Problems.of(
                    HttpStatus.MISDIRECTED_REQUEST,
                    "This service does not answer to the name it was called by. Call it by 127.0.0.1 or localhost. The name"
                            + " of a proxy in front of it belongs into the service's setting " + OwnNames.SETTING + ".",
                    new FieldProblem(HttpHeaders.HOST, "is not a name of this service"));
        }
    }

    private void demandOwnPage(HttpServletRequest request) {
        String host = String.valueOf(request.getHeader(HttpHeaders.HOST));
        boolean foreign = Collections.list(request.getHeaders(HttpHeaders.ORIGIN)).stream()
                .anyMatch(origin -> !names.holdPage(origin, host));
        if (foreign && !HARMLESS.contains(request.getMethod())) {
            throw Problems.of(
                    HttpStatus.FORBIDDEN,
                    "A page of another site sent this request, and nothing was changed. Send it from a page of this"
                            + " service, or from a program. The name of a proxy in front of it belongs into the service's setting "
                            + OwnNames.SETTING + ".",
                    new FieldProblem(HttpHeaders.ORIGIN, "is not this service"));
        }
    }
}
