package dev.outboxsync.central.kafka;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementJson;
import java.util.concurrent.Future;
import org.springframework.kafka.core.KafkaTemplate;

/** Sends acknowledgements to the site's own topic. */
final class AcknowledgementPublisher {
    private final KafkaTemplate<byte[], byte[]> kafka;

    AcknowledgementPublisher(KafkaTemplate<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Sends one acknowledgement of a committed batch.
     *
     * @return done when all replicas have it; failed, after the producer's delivery.timeout.ms at most, when that is
     *     unknown
     * @throws RuntimeException when it cannot be sent at all, for want of the topic for instance
     */
    Future<?> publish(Acknowledgement acknowledgement) {
        // the relay reads no other partition, should the topic have more
        return kafka.send(
                acknowledgement.site().acknowledgementsTopic(), 0, null, AcknowledgementJson.write(acknowledgement));
    }
}
