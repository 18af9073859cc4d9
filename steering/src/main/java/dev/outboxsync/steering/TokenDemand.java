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
    private final SteeringToken token;

    TokenDemand(SteeringToken token) {
        this.token = token;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        boolean steers = handler instanceof HandlerMethod method && method.hasMethodAnnotation(Steers.class);
        if (steers && !token.isIn(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            throw unauthorized();
        }
        return true;
    }

    private static ErrorResponseException unauthorized() {
        ErrorResponseException problem = Problems.of(
                HttpStatus.UNAUTHORIZED,
                "This request changes how sync behaves, or shows what was sent, and needs the header"
                        + " 'Authorization: Bearer <token>' with the service's token. It is the value of SYNC_TOKEN, or the content of the file whose place"
                        + " the service logs when it starts.");
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return problem;
    }
}
