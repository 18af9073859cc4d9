package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.queue.SyncStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Only an acknowledgement takes a row out of PENDING, and only one of what this relay has sent. */
@ExtendWith(OutputCaptureExtension.class)
class AcknowledgementsTest {
    private static final SequenceRange EVERYTHING = new SequenceRange(1, Long.MAX_VALUE);

    private final LaneFixture given = new LaneFixture();
    private final InMemorySite site = given.site;
    private final InMemoryLog log = given.log;
    private final InMemoryCentre centre = given.centre;

    @Test
    void an_acknowledged_change_is_synced_in_the_epoch_of_the_acknowledgement() {
        site.write(3);
        RelayLane lane = given.relay();
        given.cycle(lane);

        centre.work();
        lane.turn();

        assertThat(given.synced()).containsExactly(1L, 2L, 3L);
        assertThat(site.row(1).epoch).isEqualTo(1);
        assertThat(site.seen.number()).isEqualTo(1);
        assertThat(lane.report().inFlight()).isZero();
        assertThat(lane.report().totals().synced()).isEqualTo(3);
        assertThat(lane.report().totals().ignored()).isZero();
    }

    @Test
    void acknowledgements_are_settled_between_the_pages_of_a_drain() {
        site.write(9);
        log.sending = page -> {
            Publication taken = log.take(page);
            centre.work();
            return taken;
        };
        RelayLane lane = given.relay();
        LaneFixture.turn(lane, 2);
        given.clock.advance(LaneFixture.CYCLE);

        lane.turn();
        lane.turn();

        assertThat(given.synced()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_range_across_a_gap_says_nothing_about_what_was_not_sent() {
        long uncommitted = site.reserve();
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);
        site.commit(uncommitted, "{\"id\": \"1\"}");

        centre.acknowledge(List.of(new SequenceRange(1, 2)), List.of(), 0);
        lane.turn();

        assertThat(given.synced()).containsExactly(2L);
        assertThat(given.pending()).containsExactly(1L);
        assertThat(lane.report().totals().ignored()).isEqualTo(1);
    }

    @Test
    void however_many_refused_changes_wait_between_others_a_new_one_is_not_kept_waiting() {
        site.write(120);
        for (long id = 1; id <= 120; id += 2) {
            centre.refusing.put(id, Reason.MISSING_PARENT);
        }
        RelayLane lane = given.relay();
        given.cycle(lane);
        for (int i = 0; i < 30; i++) {
            LaneFixture.turn(lane, 10);
            centre.work();
        }
        assertThat(given.pending()).hasSize(60);
        long late = site.write();

        given.clock.advance(LaneFixture.CYCLE);
        for (int i = 0; i < 30; i++) {
            LaneFixture.turn(lane, 10);
            centre.work();
        }

        assertThat(given.synced()).contains(late);
    }

    @Test
    @Timeout(10)
    void what_was_never_sent_is_never_settled_whatever_an_acknowledgement_claims() {
        site.write(2);
        RelayLane lane = given.relay();
        given.cycle(lane);
        site.write(2);

        centre.acknowledge(List.of(EVERYTHING), List.of(), 0);
        centre.acknowledge(List.of(EVERYTHING), List.of(), 0);
        lane.turn();

        assertThat(given.synced()).containsExactly(1L, 2L);
        assertThat(given.pending()).containsExactly(3L, 4L);
        assertThat(lane.report().totals().ignored()).isEqualTo(2);
    }

    @Test
    void an_acknowledgement_of_another_site_or_epoch_is_ignored_and_counted() {
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);
        var all = List.of(new SequenceRange(1, 1));

        log.acknowledgements.add(centre.acknowledgement(new Site("site-2"), 1, all, List.of(), 0));
        log.acknowledgements.add(centre.acknowledgement(InMemorySite.NAME, 2, all, List.of(), 0));
        lane.turn();

        assertThat(given.pending()).containsExactly(1L);
        assertThat(lane.report().totals().ignored()).isEqualTo(2);
    }

    @Test
    void what_is_no_acknowledgement_is_ignored_and_those_behind_it_are_settled() {
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);

        log.acknowledgements.add(null);
        log.acknowledgements.add(new byte[0]);
        log.acknowledgements.add("{\"v\":1}".getBytes(StandardCharsets.UTF_8));
        log.acknowledgements.add(new byte[] {(byte) 0xff, 0});
        centre.work();
        lane.turn();

        assertThat(given.synced()).containsExactly(1L);
        assertThat(lane.report().totals().ignored()).isEqualTo(4);
    }

    @Test
    void ten_thousand_that_are_none_are_two_lines_in_the_log(CapturedOutput output) {
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);

        for (int i = 0; i < 10_000; i++) {
            log.acknowledgements.add(
                    ("{\"v\":1,\"site\":\"secret\\nWARN forged " + i).getBytes(StandardCharsets.UTF_8));
            if (i % 100 == 0) {
                lane.turn();
            }
        }
        lane.turn();
        given.clock.advance(Duration.ofSeconds(10));
        LaneFixture.turn(lane, 2);

        assertThat(output.getOut().lines().filter(line -> line.contains("acknowledgement(s) are ignored")))
                .hasSize(2)
                .anyMatch(line ->
                        line.endsWith("9999 acknowledgement(s) are ignored, from offset 2 to 10000: MALFORMED"));
        assertThat(output.getOut()).doesNotContain("secret").doesNotContain("forged");
        assertThat(lane.report().totals().ignored()).isEqualTo(10_000);
    }

    /** Whoever writes such a number, or cuts a record in two, cannot make a row FAILED that the centre has read as well. */
    @Test
    void a_change_that_was_malformed_once_is_sent_again_and_synced() {
        site.write(1);
        centre.refusing.put(1L, Reason.MALFORMED);
        RelayLane lane = given.relay();
        given.cycle(lane);
        centre.work();
        lane.turn();
        assertThat(given.pending()).containsExactly(1L);
        assertThat(site.row(1).lastError)
                .isEqualTo(
                        "MALFORMED users.email: the centre cannot read the record of this change; sent again until it can");

        centre.acknowledge(List.of(new SequenceRange(1, 1)), List.of(), 0);
        lane.turn();

        assertThat(given.synced()).containsExactly(1L);
    }

    @Test
    void an_acknowledgement_that_comes_twice_changes_nothing_the_second_time() {
        site.write(2);
        RelayLane lane = given.relay();
        given.cycle(lane);
        centre.work();
        lane.turn();

        centre.acknowledge(List.of(), List.of(new Refusal(1, Reason.TOO_LONG, null)), 0);
        centre.acknowledge(List.of(new SequenceRange(1, 2)), List.of(), 0);
        lane.turn();

        assertThat(given.synced()).containsExactly(1L, 2L);
        assertThat(site.synced).isEqualTo(2);
        assertThat(site.failed).isZero();
        assertThat(site.receipts).containsExactly(new SequenceRange(1, 2));
        assertThat(lane.report().totals().ignored()).isEqualTo(2);
    }

    @Test
    void what_another_relay_sent_is_not_believed_but_sent_again() {
        site.write(1);
        given.cycle(given.relay());
        RelayLane restarted = given.relay();
        given.clock.advance(LaneFixture.LEASE.plusSeconds(1));
        LaneFixture.turn(restarted, 1);
        centre.work();

        LaneFixture.turn(restarted, 2);
        assertThat(given.pending()).containsExactly(1L);
        given.untilNothingIsPending(restarted);

        assertThat(log.sequences()).containsExactly(1L, 1L);
    }

    @Test
    void a_lost_acknowledgement_sends_the_whole_lane_again_and_counts_one_attempt() {
        site.write(4);
        RelayLane lane = given.relay();
        given.cycle(lane);
        centre.workAndLoseTheAcknowledgement();

        given.clock.advance(LaneFixture.TIMEOUT.plusMillis(1));
        LaneFixture.turn(lane, 1);
        assertThat(log.sequences()).as("before the back-off is over").hasSize(4);
        given.clock.advance(Duration.ofSeconds(1));
        LaneFixture.turn(lane, 5);

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 1L, 2L, 3L, 4L);
        assertThat(site.row(1).retryCount).isEqualTo(1);
        assertThat(site.row(4).retryCount).isEqualTo(1);
        centre.work();
        lane.turn();
        assertThat(given.synced()).hasSize(4);
    }

    @Test
    void a_change_is_not_overdue_before_its_time() {
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);

        given.clock.advance(LaneFixture.TIMEOUT.minusMillis(1));
        LaneFixture.turn(lane, 5);

        assertThat(site.row(1).retryCount).isZero();
        assertThat(log.sequences()).containsExactly(1L);
    }

    @Test
    void a_late_acknowledgement_is_still_believed_after_the_lane_was_reset() {
        site.write(4);
        RelayLane lane = given.relay();
        given.cycle(lane);
        given.clock.advance(LaneFixture.TIMEOUT.plusMillis(1));
        LaneFixture.turn(lane, 1);

        centre.work();
        LaneFixture.turn(lane, 1);
        given.clock.advance(LaneFixture.LONGEST_PAUSE);
        LaneFixture.turn(lane, 5);

        assertThat(given.synced()).hasSize(4);
        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void while_the_centre_is_away_for_a_day_repeats_do_not_fill_the_log() {
        given.pageRows = 500;
        given.window = 2_000;
        site.write(2_000);
        RelayLane lane = given.relay();

        for (int minute = 0; minute < 24 * 60; minute++) {
            given.clock.advance(Duration.ofMinutes(1));
            LaneFixture.turn(lane, 4);
        }
        int repeats = log.changes.size();
        assertThat(repeats).isLessThan(2 * 2_000 + 24 * 60 * 50);
        given.untilNothingIsPending(lane);

        assertThat(log.changes.size() - repeats).isLessThan(2_100);
        assertThat(given.synced()).hasSize(2_000);
    }

    @Test
    void the_time_in_which_the_log_cannot_be_reached_counts_against_no_change() {
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.reachable = false;

        for (int i = 0; i < 100; i++) {
            given.clock.advance(Duration.ofSeconds(20));
            LaneFixture.turn(lane, 2);
        }
        log.reachable = true;
        centre.work();
        LaneFixture.turn(lane, 2);

        assertThat(given.synced()).containsExactly(1L);
        assertThat(site.row(1).retryCount).isZero();
        assertThat(log.sequences()).containsExactly(1L);
    }

    @Test
    void what_the_centre_may_catch_up_with_is_sent_once_a_cycle_and_holds_nothing_up() {
        given.window = 4;
        site.write(8);
        centre.refusing.put(1L, Reason.MISSING_PARENT);
        centre.refusing.put(2L, Reason.UNKNOWN_TABLE);
        RelayLane lane = given.relay();

        given.clock.advance(LaneFixture.CYCLE);
        for (int i = 0; i < 10; i++) {
            LaneFixture.turn(lane, 2);
            centre.work();
        }

        assertThat(log.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(given.pending()).containsExactly(1L, 2L);
        assertThat(site.row(1).retryCount).isEqualTo(1);
        assertThat(site.row(1).lastError).isEqualTo("MISSING_PARENT users.email");
        assertThat(lane.report().inFlight()).isZero();
        given.cycle(lane);
        assertThat(log.sequences()).hasSize(10).endsWith(1L, 2L);
        centre.refusing.clear();
        centre.work();
        lane.turn();
        assertThat(given.synced()).hasSize(8);
    }

    @Test
    void what_is_refused_for_a_day_fails() {
        site.write(1);
        centre.refusing.put(1L, Reason.MISSING_PARENT);
        RelayLane lane = given.relay();

        for (int i = 0; i < 24 * 30; i++) {
            given.cycle(lane);
            centre.work();
            lane.turn();
        }
        assertThat(given.pending()).containsExactly(1L);
        for (int i = 0; i < 3; i++) {
            given.cycle(lane);
            centre.work();
            lane.turn();
        }

        assertThat(site.row(1).status).isEqualTo(SyncStatus.FAILED);
    }

    @Test
    void a_collision_is_final_only_when_nothing_earlier_is_pending() {
        site.write(2);
        centre.refusing.put(1L, Reason.MISSING_PARENT);
        centre.refusing.put(2L, Reason.DUPLICATE_KEY);
        RelayLane lane = given.relay();
        given.cycle(lane);
        centre.work();
        lane.turn();
        assertThat(given.pending()).containsExactly(1L, 2L);

        centre.refusing.remove(1L);
        given.cycle(lane);
        centre.work();
        lane.turn();

        assertThat(given.synced()).containsExactly(1L);
        assertThat(site.row(2).status).isEqualTo(SyncStatus.FAILED);
    }

    @Test
    void refused_rows_are_forgotten_so_that_memory_and_reads_stay_bounded() {
        var inFlight = new InFlight(10);
        var sequences = new ArrayList<Long>();
        for (long sequence = 1; sequence <= 100; sequence++) {
            sequences.add(sequence);
        }
        inFlight.published(sequences, 1, given.clock.instant());
        sequences.forEach(inFlight::refused);
        assertThat(inFlight.maySend(1, 1)).as("within the cycle").isFalse();

        inFlight.forgetRefused();

        assertThat(inFlight.remembered()).isZero();
        assertThat(inFlight.maySend(1, 2)).isTrue();
    }
}
