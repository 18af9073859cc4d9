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
    private static final Clock CLOCK = Clock.systemUTC();

    @Bean
    CentralDatabase centralDatabase(
            JdbcTemplate template, PlatformTransactionManager manager, CentralProperties properties) {
        return new JdbcCentralDatabase(template, new Transactions(manager), properties.tables(), CLOCK);
    }

    @Bean
    ApplyingChanges applyingChanges(CentralDatabase database) {
        return new ApplyingChanges(database, CLOCK, new SecureRandom());
    }

    @Bean
    ReadingAgain readingAgain(CentralDatabase database) {
        return new ReadingAgain(database);
    }
}
