package dev.outboxsync.central;

import dev.outboxsync.mysql.Transactions;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Puts the core upon its database. */
@Configuration(proxyBeanMethods = false)
class CentralConfiguration {
    @Bean
    ApplyingChanges applyingChanges(
            JdbcTemplate template, PlatformTransactionManager manager, CentralProperties properties) {
        Clock clock = Clock.systemUTC();
        return new ApplyingChanges(
                new JdbcCentralDatabase(template, new Transactions(manager), properties.tables(), clock),
                clock,
                new SecureRandom());
    }
}
