package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.PlatformClient;
import dev.outboxsync.campaign.platform.PlatformSettings;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.JdbcLeaderLease;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Puts the run together with the real parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PullSettings.class, PlatformSettings.class})
class CampaignPullConfiguration {
    @Bean
    Transactions transactions(PlatformTransactionManager manager) {
        return new Transactions(manager);
    }

    @Bean
    PlatformClient platformClient(PlatformSettings settings, CallMetrics log) {
        return new PlatformClient(settings, log);
    }

    @Bean
    PullThread pullThread(PlatformClient platform, PullSteps steps, PullSettings settings, JdbcClient jdbc) {
        var lease =
                new JdbcLeaderLease(jdbc, "campaign_lease", UUID.randomUUID().toString(), settings.lease());
        return new PullThread(platform, new Leadership(lease, settings.lease()), steps, settings.lookEvery());
    }

    /** Ready means: DB_A is there, and the platform can be used. The reason is in the log and in {@code GET /campaign-pull/runs}. */
    @Bean
    HealthIndicator pullHealthIndicator(PullThread thread, Outage outage) {
        return () -> thread.isReady() && outage.problem() == null
                ? Health.up().build()
                : Health.down().build();
    }

    @Bean
    MeterBinder pullMetrics(Outage outage) {
        return registry -> Gauge.builder("campaign.pull.platform.away", outage, it -> it.problem() == null ? 0 : 1)
                .description("1 while the platform cannot be used")
                .register(registry);
    }
}
