package dev.outboxsync.central.kafka;

import dev.outboxsync.central.Lane;
import dev.outboxsync.central.LanePauses;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

/** Lanes that wait after a failure. The others go on, and the consumer stays in its group, for it goes on polling. */
final class WaitingLanes implements LanePauses {
    private final MessageListenerContainer container;
    private final TaskScheduler timer;
    private final BackOff backOff;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<Lane, Integer> failures = new ConcurrentHashMap<>();

    WaitingLanes(MessageListenerContainer container, TaskScheduler timer, BackOff backOff) {
        this.container = container;
        this.timer = timer;
        this.backOff = backOff;
    }

    @Override
    public Duration failed(Lane lane) {
        return pause(lane, failures.merge(lane, 1, Integer::sum));
    }

    @Override
    public void postponed(Lane lane) {
        pause(lane, Math.max(1, failures.getOrDefault(lane, 1)));
    }

    @Override
    public void succeeded(Lane lane) {
        failures.remove(lane);
    }

    /** How many of this consumer's lanes have failed and not worked since. */
    int failing() {
        Collection<TopicPartition> ours = Objects.requireNonNullElse(container.getAssignedPartitions(), List.of());
        return (int) failures.keySet().stream()
                .map(KafkaLaneLog::partition)
                .filter(ours::contains)
                .count();
    }

    private Duration pause(Lane lane, int failed) {
        TopicPartition partition = KafkaLaneLog.partition(lane);
        Duration pause = backOff.after(failed, random);
        container.pausePartition(partition);
        var unused = timer.schedule(
                () -> container.resumePartition(partition), Instant.now().plus(pause));
        return pause;
    }
}
