package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Reason;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.Faults.When;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever call fails or is the relay's last one: everything is settled in the end, in order, without a hand. */
class CrashesAndOutagesTest {
    @ParameterizedTest
    @EnumSource(When.class)
    void a_relay_killed_at_any_call_is_followed_by_one_that_settles_everything(When when) {
        int call = 0;
        for (boolean happened = true; happened; call++) {
            var given = new LaneFixture();
            given.site.write(7);
            given.centre.refusing.put(7L, Reason.TOO_LONG);
            given.faults.killAt(call, when);

            happened = killed(given);

            given.untilNothingIsPending(given.relay());
            assertThat(given.synced()).as("killed at call " + call).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(given.site.row(7).status).isEqualTo(SyncStatus.FAILED);
            assertThat(given.site.synced).isEqualTo(6);
            assertThat(firstOccurrences(given.log)).as("killed at call " + call).isSorted();
            assertThat(given.site.row(1).retryCount).isZero();
        }
        assertThat(call).as("calls that were killed").isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void a_failure_of_any_call_is_waited_out(When when) {
        int call = 0;
        for (boolean happened = true; happened; call++) {
            var given = new LaneFixture();
            given.site.write(7);
            given.centre.refusing.put(7L, Reason.TOO_LONG);
            RelayLane lane = given.relay();
            given.faults.failAt(call, when);

            given.untilNothingIsPending(lane);
            happened = given.faults.happened();

            assertThat(given.synced()).as("failed at call " + call).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(given.site.row(7).status).isEqualTo(SyncStatus.FAILED);
            assertThat(given.site.synced).isEqualTo(6);
            assertThat(given.site.receipts.stream().mapToLong(run -> run.size()).sum())
                    .isEqualTo(6);
            assertThat(firstOccurrences(given.log)).as("failed at call " + call).isSorted();
        }
        assertThat(call).as("calls that failed").isGreaterThan(20);
    }

    @Test
    void acknowledgements_that_were_read_are_not_lost_when_db_a_fails() {
        var given = new LaneFixture();
        given.site.write(3);
        RelayLane lane = given.relay();
        given.cycle(lane);
        given.centre.work();
        given.faults.failAt(1, When.BEFORE);

        lane.turn();
        assertThat(given.faults.happened()).isTrue();
        assertThat(given.pending()).hasSize(3);
        assertThat(lane.report().problem()).isNotNull();
        assertThat(lane.report().leading()).isFalse();
        given.clock.advance(LaneFixture.LONGEST_PAUSE);
        LaneFixture.turn(lane, 2);

        assertThat(given.synced()).hasSize(3);
        assertThat(given.log.sequences()).hasSize(3);
        assertThat(lane.report().problem()).isNull();
    }

    @Test
    void who_asked_for_a_cycle_is_told_of_the_outage() {
        var given = new LaneFixture();
        RelayLane lane = given.relay();
        var request = lane.requestCycle();
        given.faults.failAt(0, When.BEFORE);

        lane.turn();

        assertThat(request).isCompletedExceptionally();
    }

    @Test
    void one_relay_leads_and_the_other_takes_over_when_the_lease_ends() {
        var given = new LaneFixture();
        RelayLane first = given.relay();
        RelayLane second = given.relay();
        first.turn();
        second.turn();
        assertThat(first.report().leading()).isTrue();
        assertThat(second.report().leading()).isFalse();
        given.site.write(2);
        var refused = second.requestCycle();
        LaneFixture.turn(second, 5);
        assertThat(refused.getNow(null).outcome()).isEqualTo(CycleReport.Outcome.STANDING_BY);
        assertThat(given.log.changes).isEmpty();

        given.clock.advance(LaneFixture.LEASE.plusSeconds(1));
        second.turn();

        assertThat(second.report().leading()).isTrue();
        given.cycle(second);
        assertThat(given.log.sequences()).containsExactly(1L, 2L);
    }

    @Test
    void a_relay_that_is_closed_hands_over_at_once() {
        var given = new LaneFixture();
        RelayLane first = given.relay();
        first.turn();
        RelayLane second = given.relay();

        first.close();
        second.turn();

        assertThat(second.report().leading()).isTrue();
    }

    @Test
    void a_relay_that_went_offline_holds_no_lease_after_it_is_closed() {
        var given = new LaneFixture();
        RelayLane first = given.relay();
        first.turn();
        given.site.online = false;
        first.readSwitchSoon();
        first.turn();
        first.close();
        given.site.online = true;
        RelayLane second = given.relay();

        second.turn();

        assertThat(second.report().leading()).isTrue();
    }

    @Test
    void a_relay_that_lost_its_lease_in_mid_drain_sends_no_further_page() {
        var given = new LaneFixture();
        given.site.write(9);
        RelayLane stalled = given.relay();
        LaneFixture.turn(stalled, 2);
        RelayLane other = given.relay();
        given.log.sending = page -> {
            given.log.sending = given.log::take;
            given.clock.advance(LaneFixture.LEASE.plusSeconds(1));
            LaneFixture.turn(other, 2);
            return given.log.take(page);
        };

        given.clock.advance(LaneFixture.CYCLE);
        LaneFixture.turn(stalled, 5);

        assertThat(given.log.sequences()).as("a page of each").containsExactly(1L, 2L, 3L, 1L, 2L, 3L);
        assertThat(stalled.report().leading()).isFalse();
        assertThat(stalled.report().lastCycle().outcome()).isEqualTo(CycleReport.Outcome.STANDING_BY);
    }

    @Test
    void the_lease_outlives_every_page_of_a_long_drain() {
        var given = new LaneFixture();
        given.lease = Duration.ofSeconds(30);
        given.site.write(9);
        RelayLane draining = given.relay();
        LaneFixture.turn(draining, 2);
        RelayLane other = given.relay();
        given.log.sending = page -> {
            given.clock.advance(given.lease.minusSeconds(1));
            other.turn();
            return given.log.take(page);
        };

        given.clock.advance(LaneFixture.CYCLE);
        LaneFixture.turn(draining, 6);

        assertThat(given.log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(other.report().leading()).isFalse();
    }

    private static boolean killed(LaneFixture given) {
        RelayLane lane = given.relay();
        try {
            for (int i = 0; i < 200; i++) {
                lane.turn();
                given.centre.work();
                given.clock.advance(Duration.ofSeconds(1));
            }
            return false;
        } catch (Faults.Killed expected) {
            return true;
        }
    }

    private static List<Long> firstOccurrences(InMemoryLog log) {
        return log.sequences().stream().distinct().toList();
    }
}
