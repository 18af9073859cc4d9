package dev.outboxsync.steering.problem;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses requests, 429, that come faster than the service is to take them, from all clients together: behind a container's
 * port they all have one address. Health and metrics always answer, or a flood would look like a death.
 */
final class RequestRate extends OncePerRequestFilter {
    private static final String ACTUATOR = "/actuator/";

    private final Bucket bucket;
    private final HandlerExceptionResolver refusals;

    /** @param perSecond also how many may come at once after a quiet second */
    RequestRate(int perSecond, HandlerExceptionResolver refusals) {
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
        this.refusals = refusals;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith(ACTUATOR);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            chain.doFilter(request, response);
        } else {
            refusals.resolveException(request, response, null, tooMany(probe.getNanosToWaitForRefill()));
        }
    }

    /** The refusal that asks to come again after so many nanoseconds. */
    static ErrorResponseException tooMany(long nanos) {
        ErrorResponseException problem = Problems.of(
                HttpStatus.TOO_MANY_REQUESTS,
                "Too many requests at once. Nothing was changed: wait a second and send this one again.");
        long seconds = Duration.ofNanos(nanos).toSeconds() + 1;
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return problem;
    }
}
