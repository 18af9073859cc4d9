package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.relay.CycleReport.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes out, when, and in which order. */
class PublishingTest {
    private final LaneFixture given = new LaneFixture();
    private final InMemorySite site = given.site;
    private final InMemoryLog log = given.log;

    @Test
    void nothing_goes_out_before_the_first_tick() {
        site.write(1);
        RelayLane lane = given.relay();

        LaneFixture.turn(lane, 10);

        assertThat(log.changes).isEmpty();
    }

    @Test
    void a_cycle_sends_all_that_is_pending_in_order_page_by_page() {
        site.write(10);

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(log.longestPage).isEqualTo(3);
    }

    @Test
    void a_change_goes_out_under_the_key_of_its_record_with_the_row_as_it_was_captured() {
        site.epoch = 4;
        site.commit(site.reserve(), "{\"id\": \"1\", \"amount\": \"12.50\"}");

        given.cycle(given.relay());

        OutgoingChange sent = log.changes.get(0);
        assertThat(sent.key()).isEqualTo("users/1");
        assertThat(new String(sent.value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"v\":1,\"site\":\"site-1\",\"epoch\":4,\"sequence\":1,\"table\":\"users\","
                        + "\"operation\":\"INSERT\",\"record_id\":\"1\","
                        + "\"captured_at\":\"2026-11-23T06:00:00.000000Z\","
                        + "\"row\":{\"id\": \"1\", \"amount\": \"12.50\"}}");
    }

    @Test
    void a_change_of_a_record_without_a_name_is_failed_and_those_behind_it_go_out() {
        site.commit(new QueuedChange(
                site.reserve(), "stock", "", Operation.INSERT, InMemorySite.CAPTURED, "{\"code\": \"\"}", null));
        site.write(1);

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(2L);
        assertThat(site.row(1).status).isEqualTo(SyncStatus.FAILED);
        assertThat(site.row(1).lastError).startsWith("INVALID_VALUE");
    }

    @Test
    void a_sent_and_confirmed_change_stays_pending() {
        site.write(2);

        given.cycle(given.relay());

        assertThat(log.changes).hasSize(2);
        assertThat(given.pending()).containsExactly(1L, 2L);
        assertThat(site.row(1).retryCount).isZero();
    }

    @Test
    void what_is_awaited_is_not_sent_again() {
        RelayLane lane = given.relay();
        site.write(2);
        given.cycle(lane);
        site.write(1);

        var second = lane.requestCycle();
        LaneFixture.turn(lane, 10);

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L);
        assertThat(second.getNow(null).published()).isEqualTo(1);
    }

    @Test
    void what_is_on_its_way_in_many_pieces_is_passed_over_and_what_commits_late_between_them_is_not() {
        given.pageRows = 50;
        var late = new ArrayList<Long>();
        for (int i = 0; i < 60; i++) {
            late.add(site.reserve());
            site.write(1);
        }
        RelayLane lane = given.relay();
        given.cycle(lane);
        assertThat(log.sequences()).hasSize(60).doesNotHaveDuplicates();

        late.forEach(id -> site.commit(id, "{\"id\": \"1\"}"));
        var second = lane.requestCycle();
        LaneFixture.turn(lane, 10);

        assertThat(second.getNow(null).published()).isEqualTo(60);
        assertThat(log.sequences().subList(60, 120)).isEqualTo(late);
    }

    @Test
    void offline_neither_publishes_nor_reads_acknowledgements_nor_fails_anything() {
        RelayLane lane = given.relay();
        site.write(2);
        given.cycle(lane);
        given.centre.work();
        site.online = false;
        lane.readSwitchSoon();
        lane.turn();
        int polls = log.polls;
        site.write(2);

        for (int hour = 0; hour < 24 * 7; hour++) {
            given.clock.advance(Duration.ofHours(1));
            LaneFixture.turn(lane, 3);
        }

        assertThat(log.polls).isEqualTo(polls);
        assertThat(log.sequences()).containsExactly(1L, 2L);
        assertThat(given.pending()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(site.row(1).retryCount).isZero();
        assertThat(lane.report().online()).isFalse();
        assertThat(lane.requestCycle()).isNotDone();
        lane.turn();
        assertThat(lane.report().lastCycle().outcome()).isEqualTo(Outcome.OFFLINE);
    }

    @Test
    void after_a_week_offline_the_database_may_be_another_so_what_waited_is_sent_again() {
        RelayLane lane = given.relay();
        site.write(2);
        given.cycle(lane);
        site.online = false;
        lane.readSwitchSoon();
        lane.turn();
        given.clock.advance(Duration.ofDays(7));
        given.centre.work();
        site.online = true;
        lane.readSwitchSoon();

        LaneFixture.turn(lane, 2);
        assertThat(given.synced()).isEmpty();
        given.untilNothingIsPending(lane);

        assertThat(site.row(1).retryCount).isZero();
        assertThat(log.sequences()).containsExactly(1L, 2L, 1L, 2L);
    }

    @Test
    void the_switch_turned_off_ends_a_drain_after_the_page_in_hand() {
        site.write(10);
        log.sending = page -> {
            site.online = false;
            return log.take(page);
        };

        RelayLane lane = given.relay();
        given.cycle(lane);

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L);
        assertThat(lane.report().lastCycle().outcome()).isEqualTo(Outcome.OFFLINE);
        assertThat(site.row(1).retryCount).isZero();
    }

    @Test
    void a_row_that_commits_late_goes_out_before_the_higher_ones_of_the_next_page() {
        long late = site.reserve();
        site.write(6);
        log.sending = page -> {
            if (log.changes.isEmpty()) {
                site.commit(late, "{\"id\": \"late\"}");
            }
            return log.take(page);
        };

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(2L, 3L, 4L, 1L, 5L, 6L, 7L);
    }

    @Test
    void a_row_that_commits_after_the_cycle_goes_out_in_the_next_one() {
        RelayLane lane = given.relay();
        long late = site.reserve();
        site.write(2);
        given.cycle(lane);
        given.centre.work();
        LaneFixture.turn(lane, 1);
        site.commit(late, "{\"id\": \"late\"}");

        given.cycle(lane);

        assertThat(log.sequences()).containsExactly(2L, 3L, 1L);
    }

    @Test
    void a_cycle_ends_though_every_page_finds_new_rows() {
        site.write(6);
        log.sending = page -> {
            site.write(page.size());
            return log.take(page);
        };
        RelayLane lane = given.relay();
        given.clock.advance(LaneFixture.CYCLE);

        LaneFixture.turn(lane, 20);

        assertThat(lane.report().lastCycle().outcome()).isEqualTo(Outcome.DRAINED);
        assertThat(lane.report().lastCycle().published()).isEqualTo(6);
    }

    @Test
    void a_payload_that_kafka_cannot_take_fails_and_those_behind_it_go_on() {
        site.write();
        site.commit(site.reserve(), "{\"id\": \"" + "x".repeat(2_000) + "\"}");
        site.write();

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(1L, 3L);
        assertThat(site.row(2).status).isEqualTo(SyncStatus.FAILED);
        assertThat(site.row(2).lastError).isEqualTo("TOO_LARGE");
        assertThat(site.failed).isEqualTo(1);
    }

    @Test
    void a_record_that_the_producer_finds_too_large_fails_likewise() {
        site.write(3);
        log.sending = page -> new Publication(List.of(1L, 3L), List.of(2L), List.of(), null);

        RelayLane lane = given.relay();
        given.cycle(lane);

        assertThat(site.row(2).lastError).isEqualTo("TOO_LARGE");
        assertThat(given.pending()).containsExactly(1L, 3L);
        assertThat(lane.report().inFlight()).isEqualTo(2);
    }

    @Test
    void an_image_that_no_trigger_wrote_fails_and_those_behind_it_go_on() {
        site.write();
        site.commit(site.reserve(), "{\"id\": [1]}");
        site.write();

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(1L, 3L);
        assertThat(site.row(2).lastError).isEqualTo(Reason.INVALID_VALUE.name());
    }

    @Test
    void a_page_is_bounded_by_its_bytes_and_asks_for_no_more_rows_than_it_will_hold() {
        given.pageRows = 100;
        given.pageLimit = new PageLimit(25, 1_000);
        site.write(9);

        given.cycle(given.relay());

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(log.longestPage).isEqualTo(3);
        assertThat(site.pagesRead).isEqualTo(3);
    }

    @Test
    void no_more_than_the_window_waits_for_acknowledgements_and_the_drain_goes_on_when_they_come() {
        given.window = 5;
        site.write(12);
        RelayLane lane = given.relay();

        given.cycle(lane);
        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(lane.report().inFlight()).isEqualTo(5);
        for (int i = 0; i < 3; i++) {
            given.centre.work();
            LaneFixture.turn(lane, 5);
        }

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(given.synced()).hasSize(12);
        assertThat(lane.report().lastCycle().published()).isEqualTo(12);
    }

    @Test
    void who_asked_for_a_cycle_is_answered_though_the_centre_is_silent() {
        given.window = 5;
        site.write(12);
        RelayLane lane = given.relay();
        var report = lane.requestCycle();

        LaneFixture.turn(lane, 10);
        assertThat(report).isNotDone();
        given.clock.advance(Duration.ofSeconds(21));
        lane.turn();

        assertThat(report.getNow(null).outcome()).isEqualTo(Outcome.WINDOW_FULL);
        assertThat(report.getNow(null).published()).isEqualTo(5);
    }

    @Test
    void pauses_grow_while_the_centre_is_silent_and_the_window_full() {
        given.window = 5;
        site.write(12);
        RelayLane lane = given.relay();
        given.cycle(lane);

        Duration pause = Duration.ZERO;
        for (int round = 0; round < 5; round++) {
            given.clock.advance(LaneFixture.TIMEOUT.plusSeconds(1));
            lane.turn();
            pause = Duration.between(given.clock.instant(), lane.report().nextCycleAt());
            given.clock.advance(pause);
            LaneFixture.turn(lane, 5);
            assertThat(lane.report().inFlight()).isEqualTo(5);
        }

        assertThat(pause).isGreaterThanOrEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void who_asked_for_a_cycle_is_answered_in_time_though_the_clock_was_set_back() {
        given.window = 5;
        site.write(12);
        RelayLane lane = given.relay();
        var report = lane.requestCycle();
        LaneFixture.turn(lane, 10);

        given.clock.advance(Duration.ofHours(-2));
        lane.turn();
        given.clock.advance(Duration.ofSeconds(21));
        lane.turn();

        assertThat(report).isDone();
    }

    @Test
    void who_asks_for_a_cycle_while_the_window_is_full_and_the_log_away_is_told_so() {
        given.window = 5;
        site.write(12);
        RelayLane lane = given.relay();
        given.cycle(lane);
        assertThat(lane.report().inFlight()).isEqualTo(5);
        log.reachable = false;
        var report = lane.requestCycle();

        given.clock.advance(LaneFixture.TIMEOUT.plusSeconds(1));
        lane.turn();

        assertThat(report.getNow(null).outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(site.ids(SyncStatus.FAILED)).isEmpty();
    }

    @Test
    void a_cycle_can_be_had_at_once() {
        site.write(4);
        RelayLane lane = given.relay();

        var report = lane.requestCycle();
        LaneFixture.turn(lane, 5);

        assertThat(report.getNow(null).published()).isEqualTo(4);
        assertThat(report.getNow(null).outcome()).isEqualTo(Outcome.DRAINED);
    }

    @Test
    void a_log_that_cannot_be_reached_delays_and_fails_nothing() {
        site.write(2);
        log.reachable = false;
        RelayLane lane = given.relay();

        given.cycle(lane);
        assertThat(lane.report().problem()).isEqualTo("Kafka cannot be reached");
        assertThat(site.row(1).retryCount).isZero();
        log.reachable = true;
        given.clock.advance(LaneFixture.LONGEST_PAUSE);
        LaneFixture.turn(lane, 5);

        assertThat(log.sequences()).containsExactly(1L, 2L);
        assertThat(lane.report().problem()).isNull();
    }

    @Test
    void a_relay_is_not_well_before_it_has_looked_and_found_the_log() {
        RelayLane lane = given.relay();
        assertThat(lane.report().problem()).isNotNull();

        lane.turn();

        assertThat(lane.report().problem()).isNull();
        assertThat(lane.report().leading()).isTrue();
    }

    @Test
    void a_problem_of_the_log_is_told_until_it_is_over() {
        log.reachable = false;
        RelayLane lane = given.relay();
        lane.turn();
        assertThat(lane.report().problem()).isEqualTo("Kafka cannot be reached");

        given.clock.advance(LaneFixture.LEASE);
        lane.turn();

        assertThat(lane.report().problem()).isEqualTo("Kafka cannot be reached");
    }

    @Test
    void who_asked_for_a_cycle_is_answered_when_the_relay_stops() {
        RelayLane lane = given.relay();
        var before = lane.requestCycle();
        lane.close();

        var after = lane.requestCycle();

        assertThat(before).isCompletedExceptionally();
        assertThat(after).isCompletedExceptionally();
    }
}
