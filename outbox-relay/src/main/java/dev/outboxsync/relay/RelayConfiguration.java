package dev.outboxsync.relay;

import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.JdbcLeaderLease;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.JdbcSyncQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Puts the lane together with the real parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RelaySettings.class)
class RelayConfiguration {
    @Bean
    JdbcSiteState siteState(JdbcClient jdbc) {
        return new JdbcSiteState(jdbc);
    }

    @Bean
    SiteDatabase siteDatabase(
            JdbcTemplate jdbc, JdbcSiteState state, PlatformTransactionManager manager, RelaySettings settings) {
        var lease =
                new JdbcLeaderLease(JdbcClient.create(jdbc), UUID.randomUUID().toString(), settings.lease());
        return new SiteDatabase(
                new JdbcSyncQueue(jdbc, new Transactions(manager), lease, settings.patience()), state, lease);
    }

    @Bean
    RelayLane relayLane(SiteDatabase site, Link link, RelaySettings settings) {
        return new RelayLane(
                settings.siteName(), site, link, settings.lane(), Clock.systemUTC(), new SplittableRandom());
    }

    @Bean
    LaneThread laneThread(RelayLane lane, JdbcSiteState state, RelaySettings settings, ApplicationContext application) {
        return new LaneThread(
                lane,
                state,
                settings,
                () -> new Thread(() -> System.exit(SpringApplication.exit(application, () -> 1)), "end-of-service")
                        .start());
    }

    /** Ready means: DB_A answers, and Kafka too unless the site is offline. The reason is in the log. */
    @Bean
    HealthIndicator laneHealthIndicator(RelayLane lane, LaneThread thread) {
        return () -> thread.prepared() && lane.report().problem() == null
                ? Health.up().build()
                : Health.down().build();
    }

    @Bean
    MeterBinder laneMetrics(RelayLane lane) {
        return registry -> {
            Gauge.builder("relay.in.flight", lane, it -> it.report().inFlight())
                    .description("Changes that are published and not yet acknowledged")
                    .register(registry);
            Gauge.builder("relay.leading", lane, it -> it.report().leading() ? 1 : 0)
                    .description("1 while this relay leads")
                    .register(registry);
            count(registry, lane, "relay.published", totals -> totals.published());
            count(registry, lane, "relay.synced", totals -> totals.synced());
            count(registry, lane, "relay.failed", totals -> totals.failed());
            count(registry, lane, "relay.acknowledgements.ignored", totals -> totals.ignored());
        };
    }

    private static void count(
            MeterRegistry registry, RelayLane lane, String name, ToLongFunction<LaneReport.Totals> total) {
        FunctionCounter.builder(
                        name, lane, it -> (double) total.applyAsLong(it.report().totals()))
                .register(registry);
    }
}
