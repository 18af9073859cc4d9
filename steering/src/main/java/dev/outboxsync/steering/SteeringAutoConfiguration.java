package dev.outboxsync.steering;

import java.nio.file.Path;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Guards every servlet service that has this module. Reads {@code SYNC_TOKEN}, which wins over {@code SYNC_TOKEN_FILE}
 * (default: {@code sync-token} in the working directory), and {@code PUBLISHED_ON_LOOPBACK_ONLY}.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class SteeringAutoConfiguration {
    private static final String DEFAULT_FILE = "sync-token";

    SteeringAutoConfiguration(ServerProperties server, Environment environment) {
        LoopbackRule.demand(
                server.getAddress(), environment.getProperty("PUBLISHED_ON_LOOPBACK_ONLY", Boolean.class, false));
    }

    @Bean
    SteeringToken steeringToken(Environment environment) {
        String token = environment.getProperty("SYNC_TOKEN");
        if (StringUtils.hasText(token)) {
            return SteeringToken.of(token);
        }
        String file = environment.getProperty("SYNC_TOKEN_FILE");
        return SteeringToken.in(Path.of(StringUtils.hasText(file) ? file : DEFAULT_FILE));
    }

    @Bean
    WebMvcConfigurer tokenDemand(SteeringToken token) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new TokenDemand(token));
            }
        };
    }
}
