package dev.outboxsync.steering.problem;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses parameters in the address, 400, where none is asked for: else a mistyped request would do something else than meant. */
final class KnownParameters implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        boolean asksForNone = handler instanceof HandlerMethod method
                && Arrays.stream(method.getMethodParameters())
                        .noneMatch(parameter -> parameter.hasParameterAnnotation(RequestParam.class));
        if (asksForNone && request.getDispatcherType() == DispatcherType.REQUEST) {
            request.getParameterMap().keySet().stream().findFirst().ifPresent(name -> {
                throw Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "The address holds a parameter that means nothing here. Leave it out.",
                        new FieldProblem(FieldProblem.shown(name), "is not a parameter of this request"));
            });
        }
        return true;
    }
}
