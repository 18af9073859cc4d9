package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.CallLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts calls for those who watch; DB_A counts them for the run's report and for the limit. */
@Component
class CallMetrics implements CallLog {
    private final JdbcCallLog log;
    private final MeterRegistry registry;

    CallMetrics(JdbcCallLog log, MeterRegistry registry) {
        this.log = log;
        this.registry = registry;
    }

    @Override
    public List<Duration> ages(Duration atMost) {
        return log.ages(atMost);
    }

    @Override
    public void calling(Call call, Duration waited) {
        log.calling(call, waited);
        registry.counter("campaign.pull.calls", "call", call.name().toLowerCase(Locale.ROOT))
                .increment();
        registry.timer("campaign.pull.waited").record(waited);
    }

    @Override
    public void failed(boolean refused) {
        log.failed(refused);
        registry.counter("campaign.pull.failures", "kind", refused ? "refused" : "fault")
                .increment();
    }
}
