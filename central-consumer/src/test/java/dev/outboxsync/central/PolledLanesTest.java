package dev.outboxsync.central;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is done with a lane, in which order, and what a failure of one does to the others. */
class PolledLanesTest {
    private static final Lane ONE = new Lane(new Site("one"), 0);
    private static final Lane TWO = new Lane(new Site("two"), 0);

    private final List<String> steps = new ArrayList<>();
    private final Map<Lane, Long> committed = new HashMap<>();
    private final Map<Site, RuntimeException> failing = new HashMap<>();
    private final Map<Site, Future<?>> confirmations = new HashMap<>();
    private long nanos;
    private final PolledLanes poll =
            new PolledLanes(this::apply, new Log(), new Pauses(), Duration.ofSeconds(1), () -> nanos);

    private AppliedBatch apply(Site site, List<ReceivedRecord> records) {
        if (failing.containsKey(site)) {
            throw failing.get(site);
        }
        steps.add("apply " + site);
        var acknowledgement = new Acknowledgement(
                site, 1, new AcknowledgementId(1, "mark"), "", List.of(), List.of(), 7, Instant.EPOCH, null);
        return new AppliedBatch(Optional.of(acknowledgement), 0, 0, PoisonTally.NONE);
    }

    private final class Log implements LaneLog {
        @Override
        public Future<?> publish(Acknowledgement acknowledgement) {
            steps.add("acknowledge " + acknowledgement.site());
            return confirmations.getOrDefault(acknowledgement.site(), CompletableFuture.completedFuture(null));
        }

        @Override
        public void goBack(Lane lane, long offset) {
            steps.add("back " + lane.site() + " " + offset);
        }

        @Override
        public void commit(Map<Lane, Long> next) {
            steps.add("commit");
            committed.putAll(next);
        }
    }

    private final class Pauses implements LanePauses {
        @Override
        public Duration failed(Lane lane) {
            steps.add("failed " + lane.site());
            return Duration.ZERO;
        }

        @Override
        public void postponed(Lane lane) {
            steps.add("postponed " + lane.site());
        }

        @Override
        public void succeeded(Lane lane) {
            steps.add("succeeded " + lane.site());
        }
    }

    private static List<ReceivedRecord> records(Lane lane) {
        return List.of(
                new ReceivedRecord(lane.site().changesTopic(), 0, 7, null, null),
                new ReceivedRecord(lane.site().changesTopic(), 0, 8, null, null));
    }

    private void serve(Lane... lanes) {
        for (Lane lane : lanes) {
            poll.take(lane, records(lane));
        }
        poll.commitAcknowledged();
    }

    @Test
    void a_batch_is_applied_then_acknowledged_then_its_offset_is_committed() {
        serve(ONE, TWO);

        assertThat(steps)
                .containsExactly(
                        "apply one",
                        "acknowledge one",
                        "apply two",
                        "acknowledge two",
                        "succeeded one",
                        "succeeded two",
                        "commit");
        assertThat(committed).isEqualTo(Map.of(ONE, 9L, TWO, 9L));
    }

    @Test
    void a_lane_that_cannot_be_applied_goes_back_alone() {
        failing.put(ONE.site(), new IllegalStateException("refused by the database"));

        serve(ONE, TWO);

        assertThat(steps).startsWith("back one 7", "failed one", "apply two");
        assertThat(committed).isEqualTo(Map.of(TWO, 9L));
    }

    @Test
    void an_acknowledgement_that_is_not_confirmed_keeps_its_lane_at_its_first_record() {
        confirmations.put(TWO.site(), CompletableFuture.failedFuture(new IllegalStateException("not confirmed")));

        serve(ONE, TWO);

        assertThat(steps).contains("back two 7", "failed two");
        assertThat(committed).isEqualTo(Map.of(ONE, 9L));
    }

    @Test
    void whoever_is_told_to_stop_while_it_waits_for_a_confirmation_commits_no_offset() {
        confirmations.put(ONE.site(), new CompletableFuture<>());

        Thread.currentThread().interrupt();
        serve(ONE);

        assertThat(Thread.interrupted()).as("still told to stop").isTrue();
        assertThat(steps).endsWith("back one 7", "failed one");
        assertThat(committed).isEmpty();
    }

    @Test
    void while_the_database_is_away_no_further_lane_is_tried() {
        failing.put(ONE.site(), new DatabaseAwayException(new IllegalStateException("no connection")));

        serve(ONE, TWO);

        assertThat(steps).containsExactly("back one 7", "failed one", "back two 7", "postponed two");
        assertThat(committed).isEmpty();
    }

    @Test
    void what_would_take_too_long_is_left_to_the_next_poll() {
        poll.take(ONE, records(ONE));
        nanos = Duration.ofSeconds(2).toNanos();
        poll.take(TWO, records(TWO));
        poll.commitAcknowledged();

        assertThat(steps).contains("back two 7", "postponed two");
        assertThat(committed).isEqualTo(Map.of(ONE, 9L));
    }
}
