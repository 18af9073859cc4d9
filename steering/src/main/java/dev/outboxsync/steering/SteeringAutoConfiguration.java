package dev.outboxsync.steering;

import java.util.Arrays;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Controller;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Guards every servlet service that has this module. Reads {@code SYNC_TOKEN}, which wins over {@code SYNC_TOKEN_FILE}
 * (default: {@code sync-token} in the working directory), {@code PUBLISHED_ON_LOOPBACK_ONLY} and {@code ALLOWED_HOSTS}. A service in which
 * nothing {@link Steers} has no token.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class SteeringAutoConfiguration {
    private static final String DEFAULT_FILE = "sync-token";

    @Bean
    static LoopbackRule loopbackRule(Environment environment) {
        return new LoopbackRule(environment);
    }

    /** After the rate, before any body is read. */
    @Bean
    FilterRegistrationBean<ForeignPages> foreignPages(
            Environment environment, @Qualifier("handlerExceptionResolver") @Lazy HandlerExceptionResolver refusals) {
        var names = OwnNames.of(
                environment.getProperty(OwnNames.SETTING, ""), LoopbackRule.isPublishedOnLoopbackOnly(environment));
        var registration = new FilterRegistrationBean<>(new ForeignPages(names, refusals));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 6);
        return registration;
    }

    @Bean
    @Lazy
    SteeringToken steeringToken(Environment environment) {
        String token = environment.getProperty("SYNC_TOKEN");
        if (StringUtils.hasLength(token)) {
            return SteeringToken.of(token, "SYNC_TOKEN");
        }
        String file = environment.getProperty("SYNC_TOKEN_FILE");
        return TokenFile.named(StringUtils.hasLength(file) ? file : DEFAULT_FILE)
                .token();
    }

    @Bean
    WebMvcConfigurer tokenDemand(ListableBeanFactory beans, ObjectProvider<SteeringToken> token) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                if (anythingSteers(beans)) {
                    registry.addInterceptor(new TokenDemand(token.getObject()));
                }
            }
        };
    }

    private static boolean anythingSteers(ListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanNamesForAnnotation(Controller.class))
                .map(name -> beans.getType(name, false))
                .filter(Objects::nonNull)
                .flatMap(type -> Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type)))
                .anyMatch(method -> method.isAnnotationPresent(Steers.class));
    }
}
