package dev.outboxsync.steering.document;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Every address at which a service answers, whoever has mapped it. */
public final class MappedRoutes {
    /** The document, its page, and Boot's error page, which answers 404 to whoever asks for it. */
    private static final Set<String> BESIDE = Set.of(
            "GET /v3/api-docs",
            "GET /v3/api-docs.yaml",
            "GET /v3/api-docs/swagger-config",
            "GET /swagger-ui.html",
            "* /error");

    private static final String FILES_OF_THE_PAGE = "* /swagger-ui/";

    private MappedRoutes() {}

    /** As {@code GET /users/{id}}; {@code * } where the mapping is for all methods. */
    public static Set<String> of(ApplicationContext service) {
        return service.getBeansOfType(HandlerMapping.class).values().stream()
                .flatMap(MappedRoutes::routes)
                .filter(route -> !BESIDE.contains(route) && !route.startsWith(FILES_OF_THE_PAGE))
                .map(route -> route.replace("/**", "/{probe}"))
                .collect(Collectors.toSet());
    }

    private static Stream<String> routes(HandlerMapping mapping) {
        if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
            return methods.getHandlerMethods().keySet().stream().flatMap(MappedRoutes::routes);
        }
        return mapping instanceof AbstractUrlHandlerMapping urls
                ? urls.getHandlerMap().keySet().stream().map(url -> "* " + url)
                : Stream.empty();
    }

    private static Stream<String> routes(RequestMappingInfo info) {
        Set<String> methods =
                info.getMethodsCondition().getMethods().stream().map(Enum::name).collect(Collectors.toSet());
        return info.getPatternValues().stream()
                .flatMap(path ->
                        (methods.isEmpty() ? Set.of("*") : methods).stream().map(method -> method + " " + path));
    }
}
