package dev.outboxsync.central.kafka;

import dev.outboxsync.central.AppliedBatch;
import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Tells metrics and log what was committed: counts, sequences and reasons, never what a row holds. */
@Component
final class BatchReport {
    private static final Logger LOG = LoggerFactory.getLogger(BatchReport.class);
    private static final int MOST_NAMED = 20;

    private final MeterRegistry meters;
    private final PoisonReport poison;
    private final Timer time;

    BatchReport(MeterRegistry meters, PoisonReport poison) {
        this.meters = meters;
        this.poison = poison;
        this.time = meters.timer("sync.centre.batch");
    }

    /** Shows how many of these lanes fail, as a gauge that is read when somebody asks. */
    void watch(WaitingLanes lanes) {
        meters.gauge("sync.centre.lanes.failing", lanes, WaitingLanes::failing);
    }

    /** Runs the work and takes its time. */
    AppliedBatch timed(Supplier<AppliedBatch> work) {
        Timer.Sample sample = Timer.start(meters);
        AppliedBatch batch = work.get();
        sample.stop(time);
        return batch;
    }

    void committed(Site site, AppliedBatch batch) {
        meters.counter("sync.centre.applied").increment(batch.applied());
        meters.counter("sync.centre.superseded").increment(batch.superseded());
        meters.counter("sync.centre.quarantined").increment(batch.quarantined().records());
        if (batch.quarantined().records() > 0) {
            poison.add(site, batch.quarantined());
        }
        batch.acknowledgement().ifPresent(this::decided);
    }

    private void decided(Acknowledgement acknowledgement) {
        for (Refusal refusal : acknowledgement.refused()) {
            meters.counter("sync.centre.refused", "reason", refusal.reason().name())
                    .increment();
        }
        // of what is malformed the quarantine tells
        List<Refusal> refused = acknowledgement.refused().stream()
                .filter(refusal -> refusal.reason() != Reason.MALFORMED)
                .toList();
        if (!refused.isEmpty()) {
            LOG.info(
                    "Site {}: refused {} changes: {}{}",
                    acknowledgement.site(),
                    refused.size(),
                    refused.stream()
                            .limit(MOST_NAMED)
                            .map(refusal -> refusal.sequence() + " " + refusal.reason())
                            .toList(),
                    refused.size() > MOST_NAMED ? " and more" : "");
        }
        LOG.debug(
                "Site {}: acknowledgement {} of {}",
                acknowledgement.site(),
                acknowledgement.id().number(),
                acknowledgement.applied());
    }
}
