package dev.outboxsync.central.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

/** Lanes that wait after a failure. The others go on, and the consumer stays in its group, for it goes on polling. */
final class WaitingLanes {
    private final MessageListenerContainer container;
    private final TaskScheduler timer;
    private final BackOff backOff;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Map<TopicPartition, Integer> failures = new ConcurrentHashMap<>();

    WaitingLanes(MessageListenerContainer container, TaskScheduler timer, BackOff backOff) {
        this.container = container;
        this.timer = timer;
        this.backOff = backOff;
    }

    /** Polls nothing more of the lane for a while; answers for how long. */
    Duration failed(TopicPartition lane) {
        return pause(lane, failures.merge(lane, 1, Integer::sum));
    }

    /** As {@link #failed}, for a lane that was not tried: that is no failure of its own. */
    void postponed(TopicPartition lane) {
        pause(lane, Math.max(1, failures.getOrDefault(lane, 1)));
    }

    /** The lane works. */
    void succeeded(TopicPartition lane) {
        failures.remove(lane);
    }

    private Duration pause(TopicPartition lane, int failed) {
        Duration pause = backOff.after(failed, random);
        container.pausePartition(lane);
        var unused = timer.schedule(
                () -> container.resumePartition(lane), Instant.now().plus(pause));
        return pause;
    }
}
