package dev.outboxsync.steering.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Gives words to a refusal that has none: the actuator refuses with a status and nothing else. */
final class SpokenRefusals extends OncePerRequestFilter {
    private final HandlerExceptionResolver refusals;

    SpokenRefusals(HandlerExceptionResolver refusals) {
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Unsent(response));
        if (isMute(response) && !response.isCommitted()) {
            ErrorResponseException refusal = Problems.of(Problems.status(response.getStatus()));
            response.reset();
            AnswerHeaders.give(request, response);
            refusals.resolveException(request, response, null, refusal);
        }
    }

    private static boolean isMute(HttpServletResponse response) {
        return response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST && response.getContentType() == null;
    }

    /** Keeps a mute refusal back, which could not be changed any more. */
    private static final class Unsent extends HttpServletResponseWrapper {
        private final HttpServletResponse response;

        Unsent(HttpServletResponse response) {
            super(response);
            this.response = response;
        }

        @Override
        public void flushBuffer() throws IOException {
            if (!isMute(response)) {
                super.flushBuffer();
            }
        }
    }
}
