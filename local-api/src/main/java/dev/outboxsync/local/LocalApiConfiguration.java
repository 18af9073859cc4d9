package dev.outboxsync.local;

import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.FailedChanges;
import dev.outboxsync.queue.QueueReport;
import dev.outboxsync.queue.ResyncReport;
import dev.outboxsync.steering.StartRefused;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.StringUtils;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class LocalApiConfiguration {
    /** Before anything is made of them: else Spring would speak of its own names for these settings. */
    @Bean
    static BeanFactoryPostProcessor databaseSettings(Environment environment) {
        return factory -> {
            if (!StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
                throw new StartRefused(
                        "DB_A_URL is not set, so there is no database to serve.",
                        "Set DB_A_URL, e.g. to jdbc:mysql://127.0.0.1:3306/local_db, with DB_A_USER and DB_A_PASSWORD.");
            }
        };
    }

    @Bean
    Transactions transactions(PlatformTransactionManager manager) {
        return new Transactions(manager);
    }

    @Bean
    QueueReport queueReport(JdbcClient jdbc) {
        return new QueueReport(jdbc);
    }

    /** As the service's own user, who may look at resyncs and no more. */
    @Bean
    ResyncReport resyncReport(JdbcClient jdbc) {
        return new ResyncReport(jdbc);
    }

    @Bean
    FailedChanges failedChanges(JdbcClient jdbc, Transactions transactions) {
        return new FailedChanges(jdbc, transactions);
    }
}
