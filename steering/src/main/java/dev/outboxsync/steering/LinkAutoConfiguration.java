package dev.outboxsync.steering;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Holds every service that has this module to the {@link LinkRule}. */
@AutoConfiguration
class LinkAutoConfiguration {
    @Bean
    static LinkRule linkRule(Environment environment) {
        return new LinkRule(environment);
    }
}
