package dev.outboxsync.steering;

import dev.outboxsync.steering.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets nobody call a method that {@link Steers} without the token. Asked before the request's body is looked at. */
final class TokenDemand implements HandlerInterceptor {
    private static final String MISSING =
            "This request changes how sync behaves, or shows what was sent, and needs the service's token.";
    private static final String WRONG = "The header Authorization does not hold this service's token.";
    private static final String CURE =
            " Send 'Authorization: Bearer <token>', with the SYNC_TOKEN that this service was started with (the centre's"
                    + " is CENTRE_TOKEN in .env and in the demo), or the content of the file whose place the service logs when it starts.";

    private final SteeringToken token;

    TokenDemand(SteeringToken token) {
        this.token = token;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        boolean steers = handler instanceof HandlerMethod method && method.hasMethodAnnotation(Steers.class);
        String given = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (steers && !token.isIn(given)) {
            throw unauthorized(given == null ? MISSING : WRONG);
        }
        return true;
    }

    private static ErrorResponseException unauthorized(String why) {
        ErrorResponseException problem = Problems.of(HttpStatus.UNAUTHORIZED, why + CURE);
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }
}
