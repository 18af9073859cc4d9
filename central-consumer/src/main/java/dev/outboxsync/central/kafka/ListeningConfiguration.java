package dev.outboxsync.central.kafka;

import dev.outboxsync.central.ApplyingChanges;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.unit.DataSize;

/** Wires the consumer of all sites' changes. It is started by whoever has found the database prepared. */
@Configuration(proxyBeanMethods = false)
class ListeningConfiguration {
    // a lane resumes when a poll ends: this is the longest that it waits for that
    private static final Duration POLL = Duration.ofMillis(200);

    /** Far more than 5,000 rows usually are, and far less than the memory, in which a row is there several times. */
    private static final DataSize LARGEST_POLL = DataSize.ofMegabytes(8);

    @Bean
    ThreadPoolTaskScheduler laneTimer() {
        var timer = new ThreadPoolTaskScheduler();
        // the purge of the quarantine may take one for a while
        timer.setPoolSize(2);
        timer.setThreadNamePrefix("lane-timer-");
        timer.setDaemon(true);
        return timer;
    }

    @Bean
    KafkaMessageListenerContainer<byte[], byte[]> changes(
            ConsumerFactory<byte[], byte[]> consumers,
            ProducerFactory<byte[], byte[]> producers,
            ApplyingChanges applying,
            BatchReport report,
            BackOff backOff,
            ThreadPoolTaskScheduler laneTimer) {
        var settings = new ContainerProperties(Site.CHANGES_TOPICS);
        // the listener commits, lane by lane
        settings.setAckMode(ContainerProperties.AckMode.MANUAL);
        settings.setPollTimeout(POLL.toMillis());
        settings.setAuthExceptionRetryInterval(Duration.ofSeconds(10));
        settings.setShutdownTimeout(Duration.ofSeconds(25).toMillis());
        var polls = new BoundedPolls(LARGEST_POLL.toBytes());
        var container = new KafkaMessageListenerContainer<>(bounded(consumers, polls), settings);
        container.setAutoStartup(false);
        var waiting = new WaitingLanes(container, laneTimer, backOff);
        report.watch(waiting);
        container.setupMessageListener(new ChangeEventListener(
                applying,
                new AcknowledgementPublisher(quiet(new KafkaTemplate<>(producers))),
                waiting,
                report,
                polls,
                checked(consumers.getConfigurationProperties())));
        return container;
    }

    /** The same consumers, whose polls end early. */
    private static ConsumerFactory<byte[], byte[]> bounded(
            ConsumerFactory<byte[], byte[]> consumers, BoundedPolls polls) {
        var factory = new DefaultKafkaConsumerFactory<>(
                consumers.getConfigurationProperties(),
                () -> {
                    polls.begin();
                    return polls.keys();
                },
                polls::values);
        consumers.getListeners().forEach(factory::addListener);
        return factory;
    }

    /** Half of the time after which the group takes a consumer for dead. */
    private static Duration checked(Map<String, Object> consumer) {
        Object reset = consumer.get(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG);
        if (!"earliest".equals(reset)) {
            throw new IllegalStateException("auto.offset.reset must be earliest, for " + reset
                    + " loses what a site sends before the centre has seen its topic");
        }
        Object interval = consumer.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        return Duration.ofMillis(Long.parseLong(String.valueOf(interval)) / 2);
    }

    /** What cannot be sent is told by the lane, once and without the record. */
    private static KafkaTemplate<byte[], byte[]> quiet(KafkaTemplate<byte[], byte[]> template) {
        template.setProducerListener(new ProducerListener<>() {});
        return template;
    }
}
