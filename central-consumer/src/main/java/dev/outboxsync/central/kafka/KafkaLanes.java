package dev.outboxsync.central.kafka;

import dev.outboxsync.central.ChangeLanes;
import org.apache.kafka.common.Metric;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.stereotype.Component;

/** The lanes as one consumer of all sites' topics. */
@Component
final class KafkaLanes implements ChangeLanes {
    private static final double LONGEST_SILENCE_SECONDS = 10;

    private final MessageListenerContainer container;

    KafkaLanes(MessageListenerContainer container) {
        this.container = container;
    }

    @Override
    public void open() {
        container.start();
    }

    /** Open is who has lately been heard as a member of its group. */
    @Override
    public boolean areOpen() {
        return container.isRunning()
                && container.metrics().values().stream()
                        .flatMap(metrics -> metrics.values().stream())
                        .anyMatch(KafkaLanes::tellsOfARecentHeartbeat);
    }

    private static boolean tellsOfARecentHeartbeat(Metric metric) {
        return metric.metricName().name().equals("last-heartbeat-seconds-ago")
                && metric.metricValue() instanceof Double seconds
                && seconds >= 0
                && seconds <= LONGEST_SILENCE_SECONDS;
    }
}
