package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.relay.CycleReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Kafka does not confirm: the lane backs off as a whole and goes back to the oldest. */
class FailedSendTest {
    private final LaneFixture given = new LaneFixture();
    private final InMemorySite site = given.site;
    private final InMemoryLog log = given.log;

    @Test
    void only_the_unconfirmed_count_an_attempt_and_it_counts_once() {
        site.write(6);
        log.sending = page -> log.takeSome(page, 1, false);
        RelayLane lane = given.relay();

        given.cycle(lane);

        assertThat(log.sequences()).containsExactly(1L);
        assertThat(site.row(1).retryCount).isZero();
        assertThat(site.row(2).retryCount).isEqualTo(1);
        assertThat(site.row(3).retryCount).isEqualTo(1);
        assertThat(site.row(2).lastError).isEqualTo("NOT_CONFIRMED: Kafka did not confirm it; sent again by itself");
        assertThat(site.row(4).retryCount).isZero();
        assertThat(lane.report().lastCycle().outcome()).isEqualTo(Outcome.SEND_FAILED);
        assertThat(given.pending()).hasSize(6);
    }

    @Test
    void the_lane_goes_on_from_the_oldest_unconfirmed_one_while_the_confirmed_keep_waiting() {
        site.write(6);
        log.sending = failingOnce(1, false);
        RelayLane lane = given.relay();
        given.cycle(lane);

        given.clock.advance(Duration.ofSeconds(1));
        LaneFixture.turn(lane, 10);

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(lane.report().inFlight()).isEqualTo(6);
    }

    @Test
    void the_confirmed_of_a_failed_page_keep_their_deadline() {
        site.write(3);
        log.sending = failingOnce(1, false);
        RelayLane lane = given.relay();
        given.cycle(lane);
        given.clock.advance(Duration.ofSeconds(30));
        LaneFixture.turn(lane, 5);

        given.clock.advance(Duration.ofSeconds(31));
        LaneFixture.turn(lane, 1);

        assertThat(site.row(1).lastError).isEqualTo("NOT_ACKNOWLEDGED");
        assertThat(site.row(2).retryCount).isEqualTo(1);
        assertThat(site.row(2).lastError).isEqualTo("NOT_CONFIRMED: Kafka did not confirm it; sent again by itself");
    }

    @Test
    void what_was_stored_though_the_send_failed_may_be_acknowledged() {
        site.write(3);
        log.sending = failingOnce(1, true);
        RelayLane lane = given.relay();
        given.cycle(lane);

        given.centre.work();
        lane.turn();

        assertThat(given.synced()).containsExactly(1L, 2L, 3L);
        given.cycle(lane);
        assertThat(log.sequences()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void pauses_grow_to_their_bound_and_shrink_again_after_a_success() {
        site.write(1);
        log.sending = page -> log.takeSome(page, 0, false);
        RelayLane lane = given.relay();
        given.clock.advance(LaneFixture.CYCLE);

        var pauses = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            LaneFixture.turn(lane, 2);
            Duration pause =
                    Duration.between(given.clock.instant(), lane.report().nextCycleAt());
            pauses.add(pause.toMillis());
            given.clock.advance(pause);
        }

        long longest = LaneFixture.LONGEST_PAUSE.toMillis();
        assertThat(pauses.get(0)).isBetween(500L, 1_000L);
        assertThat(pauses.get(2)).isBetween(2_000L, 4_000L);
        assertThat(pauses.subList(5, 10)).allSatisfy(pause -> assertThat(pause).isBetween(longest / 2, longest));
        log.sending = log::take;
        LaneFixture.turn(lane, 2);
        given.centre.work();
        LaneFixture.turn(lane, 2);
        log.sending = page -> log.takeSome(page, 0, false);
        site.write(1);
        var failing = lane.requestCycle();
        LaneFixture.turn(lane, 2);
        assertThat(failing.getNow(null).outcome()).isEqualTo(Outcome.SEND_FAILED);
        Instant next = lane.report().nextCycleAt();
        assertThat(Duration.between(given.clock.instant(), next)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void pages_shrink_while_sends_fail_and_grow_again() {
        given.pageRows = 400;
        site.write(3_000);
        given.window = 10_000;
        var sizes = new ArrayList<Integer>();
        log.sending = page -> {
            sizes.add(page.size());
            return sizes.size() <= 5 ? log.takeSome(page, 0, false) : log.take(page);
        };
        RelayLane lane = given.relay();

        for (int i = 0; i < 6; i++) {
            given.clock.advance(LaneFixture.LONGEST_PAUSE);
            var cycle = lane.requestCycle();
            LaneFixture.turn(lane, 20);
            assertThat(cycle).isDone();
        }

        assertThat(sizes.subList(0, 10)).containsExactly(400, 200, 100, 50, 50, 50, 100, 200, 400, 400);
        assertThat(log.sequences()).hasSize(3_000).isSorted();
    }

    @Test
    void a_request_is_told_that_the_send_failed() {
        site.write(1);
        log.sending = page -> log.takeSome(page, 0, false);
        RelayLane lane = given.relay();

        var report = lane.requestCycle();
        LaneFixture.turn(lane, 2);

        assertThat(report.getNow(null).outcome()).isEqualTo(Outcome.SEND_FAILED);
    }

    private Function<List<OutgoingChange>, Publication> failingOnce(int confirmed, boolean stored) {
        return page -> {
            log.sending = log::take;
            return log.takeSome(page, confirmed, stored);
        };
    }
}
