package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.ResyncDue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The relay finds out, before it publishes, whether a database went back in time. */
@ExtendWith(OutputCaptureExtension.class)
class HelloTest {
    /** Which call of a turn it is, behind the looks at the lease and at the epoch. */
    private static final int SETTLING = 2;

    private final LaneFixture given = new LaneFixture();
    private final InMemorySite site = given.site;
    private final InMemoryLog log = given.log;

    @Test
    void nothing_is_published_until_the_centre_has_answered() {
        log.answering = null;
        site.write(1);
        RelayLane lane = given.relay();
        given.cycle(lane);
        assertThat(log.hellos).hasSize(1);
        assertThat(log.changes).isEmpty();

        answer(lastHello(), 1, 0, true, null);
        given.cycle(lane);

        assertThat(log.sequences()).containsExactly(1L);
        assertThat(site.epoch).isEqualTo(1);
    }

    @Test
    void a_hello_tells_the_epoch_and_the_greatest_acknowledgement() {
        site.epoch = 3;
        site.seen = new AcknowledgementId(17, "mark-17");

        given.relay().turn();

        assertThat(log.hellos)
                .singleElement()
                .isEqualTo(new Hello(InMemorySite.NAME, 3, lastHello().token(), new AcknowledgementId(17, "mark-17")));
    }

    @Test
    void a_site_without_changes_tells_now_and_then_what_it_has_seen_or_the_centre_would_keep_all_that_it_gave() {
        RelayLane lane = given.relay();
        for (int i = 0; i < 900; i++) {
            given.clock.advance(LaneFixture.CYCLE);
            LaneFixture.turn(lane, 3);
        }
        assertThat(site.seen).as("each is a write of DB_A").isEqualTo(AcknowledgementId.NONE);

        for (int i = 0; i < 200; i++) {
            given.clock.advance(LaneFixture.CYCLE);
            LaneFixture.turn(lane, 3);
        }

        assertThat(site.seen.number()).isGreaterThan(1_000);
    }

    @Test
    void an_unanswered_hello_is_sent_again_and_only_the_answer_to_the_last_one_counts() {
        log.answering = null;
        RelayLane lane = given.relay();
        lane.turn();
        Hello first = lastHello();
        given.clock.advance(LaneFixture.TIMEOUT);
        LaneFixture.turn(lane, 2);
        assertThat(log.hellos).hasSize(2);
        site.write(1);

        answer(first, 9, 0, true, null);
        given.cycle(lane);
        assertThat(log.changes).isEmpty();
        answer(lastHello(), 1, 0, true, null);
        given.cycle(lane);

        assertThat(site.epoch).isEqualTo(1);
        assertThat(log.sequences()).containsExactly(1L);
    }

    @Test
    void who_asks_for_a_cycle_while_the_centre_is_silent_is_told_so() {
        log.answering = null;
        RelayLane lane = given.relay();
        var request = lane.requestCycle();
        lane.turn();
        assertThat(request).isNotDone();

        given.clock.advance(LaneFixture.TIMEOUT.dividedBy(2));
        LaneFixture.turn(lane, 2);

        assertThat(request.getNow(null).outcome()).isEqualTo(CycleReport.Outcome.UNANSWERED);
    }

    @Test
    void while_all_goes_well_it_asks_once_a_minute_at_most_and_publishes_meanwhile() {
        RelayLane lane = given.relay();
        given.cycle(lane);
        assertThat(log.hellos).hasSize(1);
        log.answering = null;
        site.write(1);

        given.clock.advance(Duration.ofSeconds(59));
        var early = lane.requestCycle();
        LaneFixture.turn(lane, 2);
        assertThat(log.hellos).hasSize(1);
        site.write(1);
        given.clock.advance(Duration.ofSeconds(1));
        var late = lane.requestCycle();
        LaneFixture.turn(lane, 2);
        assertThat(List.of(early, late)).allMatch(request -> request.isDone());

        assertThat(log.hellos).hasSize(2);
        assertThat(log.sequences()).containsExactly(1L, 2L);
    }

    @Test
    void a_clock_that_was_set_back_does_not_silence_it() {
        log.answering = null;
        RelayLane lane = given.relay();
        lane.turn();

        given.clock.advance(Duration.ofHours(-1));
        LaneFixture.turn(lane, 2);

        assertThat(log.hellos).hasSizeGreaterThan(1);
    }

    @Test
    void a_centre_that_does_not_remember_went_back_and_gets_everything_again() {
        site.seen = new AcknowledgementId(17, "mark-17");
        log.answering = hello -> InMemoryLog.answer(hello, hello.epoch(), 0, hello.epoch() > 1, null);
        site.write(1);
        RelayLane lane = given.relay();

        given.cycle(lane);

        assertThat(site.epoch).isEqualTo(2);
        assertThat(site.due).isEqualTo(ResyncDue.ROWS_AND_SWEEP);
        assertThat(site.seen).isEqualTo(new AcknowledgementId(18, "answer"));
        assertThat(log.hellos).extracting(Hello::epoch).startsWith(1, 2);
        assertThat(log.sequences()).containsExactly(1L);
    }

    @Test
    void an_epoch_that_nobody_has_reached_leaves_the_site_where_it_is() {
        log.answering = hello -> InMemoryLog.answer(hello, Integer.MAX_VALUE, 0, true, null);

        LaneFixture.turn(given.relay(), 3);

        assertThat(site.epoch).isEqualTo(1);
        assertThat(log.hellos).extracting(Hello::epoch).containsOnly(1);
    }

    @Test
    void a_higher_epoch_at_the_centre_shows_that_the_site_went_back() {
        log.answering = hello -> InMemoryLog.answer(hello, Math.max(4, hello.epoch()), 0, true, null);

        LaneFixture.turn(given.relay(), 3);

        assertThat(site.epoch).isEqualTo(5);
        assertThat(site.due).isEqualTo(ResyncDue.ROWS);
    }

    @Test
    void an_acknowledgement_that_only_the_centre_remembers_shows_that_the_site_went_back() {
        site.seen = new AcknowledgementId(16, "mark-16");
        log.answering = hello -> InMemoryLog.answer(hello, hello.epoch(), hello.epoch() == 1 ? 17 : 0, true, null);

        LaneFixture.turn(given.relay(), 3);

        assertThat(site.epoch).isEqualTo(2);
        assertThat(site.due).isEqualTo(ResyncDue.ROWS);
    }

    @Test
    void a_change_that_the_site_never_captured_shows_that_it_went_back() {
        long id = site.write();
        var elsewhere = new LastReceived(id, InMemorySite.CAPTURED.plusMillis(1));
        log.answering =
                hello -> InMemoryLog.answer(hello, hello.epoch(), 0, true, hello.epoch() == 1 ? elsewhere : null);

        LaneFixture.turn(given.relay(), 3);

        assertThat(site.epoch).isEqualTo(2);
        assertThat(site.due).isEqualTo(ResyncDue.ROWS);
    }

    @Test
    void where_both_went_back_nothing_is_deleted_at_the_centre_by_itself() {
        log.answering = hello -> InMemoryLog.answer(hello, hello.epoch(), 0, hello.epoch() > 1, lastOf(hello.epoch()));

        LaneFixture.turn(given.relay(), 3);

        assertThat(site.epoch).isEqualTo(2);
        assertThat(site.due).isEqualTo(ResyncDue.ROWS);
    }

    private static LastReceived lastOf(int epoch) {
        return epoch == 1 ? new LastReceived(7, InMemorySite.CAPTURED) : null;
    }

    @Test
    void an_answer_to_what_was_asked_in_an_older_epoch_begins_none() {
        log.answering = null;
        RelayLane lane = given.relay();
        lane.turn();
        site.epoch = 2;

        answer(lastHello(), 1, 0, true, new LastReceived(7, InMemorySite.CAPTURED));
        LaneFixture.turn(lane, 2);

        assertThat(site.epoch).isEqualTo(2);
        assertThat(log.hellos).extracting(Hello::epoch).containsExactly(1, 2);
    }

    @Test
    void the_same_history_begins_no_epoch() {
        long id = site.write();
        site.seen = new AcknowledgementId(17, "mark-17");
        log.answering = hello -> InMemoryLog.answer(hello, 1, 17, true, new LastReceived(id, InMemorySite.CAPTURED));

        given.cycle(given.relay());

        assertThat(site.epoch).isEqualTo(1);
        assertThat(site.due).isNull();
        assertThat(log.sequences()).containsExactly(id);
    }

    @Test
    void what_was_sent_in_an_older_epoch_is_not_settled_by_an_acknowledgement_of_the_new_one() {
        long id = site.write();
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.answering = hello -> InMemoryLog.answer(hello, hello.epoch(), 0, hello.epoch() > 1, null);

        given.clock.advance(LaneFixture.HELLO_EVERY);
        var request = lane.requestCycle();
        LaneFixture.turn(lane, 2);
        assertThat(site.epoch).isEqualTo(2);
        assertThat(request).isDone();
        log.acknowledgements.add(
                given.centre.acknowledgement(InMemorySite.NAME, 1, List.of(new SequenceRange(id, id)), List.of(), 0));
        LaneFixture.turn(lane, 2);

        assertThat(given.pending()).containsExactly(id);
    }

    @Test
    void nor_where_the_relay_has_not_heard_whether_db_a_has_begun_the_epoch() {
        int call = 0;
        for (boolean happened = true; happened; call++) {
            var failing = new LaneFixture();
            long id = failing.site.write();
            RelayLane lane = failing.relay();
            failing.cycle(lane);
            failing.log.answering = hello -> answerOfARestoredCentre(hello, failing.log, id);
            failing.clock.advance(LaneFixture.HELLO_EVERY);
            failing.faults.failAt(call, Faults.When.AFTER);

            for (int cycle = 0; cycle < 3; cycle++) {
                failing.cycle(lane);
            }
            happened = failing.faults.happened();

            assertThat(failing.site.epoch).isEqualTo(2);
            assertThat(String.valueOf(failing.site.row(id).lastError))
                    .as("failed at call %d", call)
                    .doesNotContain("STALE_EPOCH");
        }
        assertThat(call).isGreaterThan(5);
    }

    /** It remembers nothing of the first epoch; and it has read what was sent in that one when it learns of the second. */
    private static Acknowledgement answerOfARestoredCentre(Hello hello, InMemoryLog log, long sent) {
        Acknowledgement answer = InMemoryLog.answer(hello, hello.epoch(), 0, hello.epoch() > 1, null);
        boolean refuses =
                log.hellos.stream().filter(earlier -> earlier.epoch() == 2).count() == 1;
        return new Acknowledgement(
                answer.site(),
                answer.epoch(),
                answer.id(),
                answer.previous(),
                List.of(),
                refuses ? List.of(new Refusal(sent, Reason.STALE_EPOCH, null)) : List.of(),
                answer.fromOffset(),
                answer.committedAt(),
                answer.answer());
    }

    @Test
    void an_acknowledgement_that_does_not_follow_the_last_one_settles_nothing_and_has_the_centre_asked_anew() {
        long id = site.write();
        RelayLane lane = given.relay();
        given.cycle(lane);
        int asked = log.hellos.size();
        log.answering = null;

        log.acknowledgements.add(ofAnotherHistory(id));
        LaneFixture.turn(lane, 2);

        assertThat(given.pending()).containsExactly(id);
        assertThat(site.seen).isEqualTo(AcknowledgementId.NONE);
        assertThat(log.hellos).hasSize(asked + 1);
    }

    /** As after a fail-over to a replica that lacks the last transaction: what was asked about is still there. */
    @Test
    void an_answer_from_before_what_was_settled_meanwhile_shows_nothing_and_is_asked_for_anew() {
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.answering = null;
        given.clock.advance(LaneFixture.HELLO_EVERY);
        long id = writeAndPublish(lane);
        Hello question = lastHello();
        log.acknowledgements.add(acknowledgement(2, "lost", "answer", id, null));
        LaneFixture.turn(lane, 1);
        assertThat(given.synced()).containsExactly(id);
        long next = writeAndPublish(lane);
        assertThat(lastHello()).isEqualTo(question);

        log.acknowledgements.add(
                acknowledgement(2, "other", "answer", 0, new HelloAnswer(question.token(), 0, true, null)));
        log.acknowledgements.add(acknowledgement(3, "next", "other", next, null));
        LaneFixture.turn(lane, 1);

        assertThat(lastHello().token()).isNotEqualTo(question.token());
        assertThat(lastHello().seen()).isEqualTo(new AcknowledgementId(2, "lost"));
        assertThat(given.pending()).containsExactly(next);
    }

    /** DB_A fails in settling, and a cycle that is asked for asks the centre before that goes on. */
    @Test
    void nor_does_an_answer_show_anything_from_before_what_a_failure_had_put_off() {
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.answering = null;
        long id = writeAndPublish(lane);
        log.acknowledgements.add(acknowledgement(2, "lost", "answer", id, null));
        given.faults.failAt(SETTLING, Faults.When.BEFORE);
        LaneFixture.turn(lane, 1);
        assertThat(given.faults.happened()).isTrue();
        var unused = lane.requestCycle();
        LaneFixture.turn(lane, 1);
        Hello question = lastHello();
        assertThat(question.seen()).isEqualTo(AcknowledgementId.NONE);
        LaneFixture.turn(lane, 1);
        assertThat(given.synced()).containsExactly(id);

        log.acknowledgements.add(
                acknowledgement(2, "other", "answer", 0, new HelloAnswer(question.token(), 0, true, null)));
        LaneFixture.turn(lane, 1);

        assertThat(lastHello().token()).isNotEqualTo(question.token());
        assertThat(lastHello().seen()).isEqualTo(new AcknowledgementId(2, "lost"));
    }

    /** Where the lease was not written since that backup, nothing else shows it. */
    @Test
    void an_epoch_that_db_a_has_lost_is_noticed_before_anything_is_sent() {
        site.epoch = 2;
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.answering = null;

        site.epoch = 1;
        site.write();
        var cycle = lane.requestCycle();
        LaneFixture.turn(lane, 2);

        assertThat(log.changes).isEmpty();
        assertThat(lastHello().epoch()).isEqualTo(1);
        assertThat(cycle).isNotDone();
    }

    @Test
    void one_that_follows_the_last_one_is_settled() {
        long id = site.write();
        RelayLane lane = given.relay();
        given.cycle(lane);

        log.acknowledgements.add(acknowledgement(2, "next", "answer", id, null));
        LaneFixture.turn(lane, 1);

        assertThat(given.synced()).containsExactly(id);
        assertThat(site.seen).isEqualTo(new AcknowledgementId(2, "next"));
    }

    @Test
    void a_database_that_was_set_back_under_a_running_relay_is_noticed_before_anything_is_settled_or_sent() {
        long id = site.write();
        RelayLane lane = given.relay();
        given.cycle(lane);
        log.answering = null;
        int asked = log.hellos.size();

        site.setLeaseBack();
        given.centre.work();
        long next = site.write();
        given.cycle(lane);

        assertThat(given.pending()).containsExactly(id, next);
        assertThat(log.sequences()).containsExactly(id);
        assertThat(log.hellos).hasSizeGreaterThan(asked);
    }

    @Test
    void a_hundred_that_do_not_follow_are_two_lines_in_the_log_and_hold_nothing_up(CapturedOutput output) {
        long id = site.write();
        RelayLane lane = given.relay();
        given.cycle(lane);

        for (int i = 0; i < 100; i++) {
            log.acknowledgements.add(ofAnotherHistory(id));
            LaneFixture.turn(lane, 2);
        }
        given.cycle(lane);
        given.centre.work();
        LaneFixture.turn(lane, 2);

        assertThat(output.getOut().lines().filter(line -> line.contains("WARN")))
                .hasSize(2)
                .anyMatch(line -> line.endsWith("99 acknowledgement(s) are ignored, from offset 3 to 199: it does not"
                        + " follow what the centre has answered, which is asked anew"));
        assertThat(lane.report().totals().ignored()).isEqualTo(100);
        assertThat(given.synced()).containsExactly(id);
    }

    private static byte[] ofAnotherHistory(long id) {
        return AcknowledgementJson.write(new Acknowledgement(
                InMemorySite.NAME,
                1,
                new AcknowledgementId(2, "another-history"),
                "foreign",
                List.of(new SequenceRange(id, id)),
                List.of(),
                0,
                InMemorySite.CAPTURED,
                null));
    }

    /** Of one change, or of none where the sequence is 0. */
    private static byte[] acknowledgement(
            long number, String mark, String previous, long sequence, @Nullable HelloAnswer answer) {
        return AcknowledgementJson.write(new Acknowledgement(
                InMemorySite.NAME,
                1,
                new AcknowledgementId(number, mark),
                previous,
                sequence == 0 ? List.of() : List.of(new SequenceRange(sequence, sequence)),
                List.of(),
                0,
                InMemorySite.CAPTURED,
                answer));
    }

    private long writeAndPublish(RelayLane lane) {
        long id = site.write();
        var cycle = lane.requestCycle();
        LaneFixture.turn(lane, 2);
        assertThat(cycle).isDone();
        assertThat(log.sequences()).endsWith(id);
        return id;
    }

    private Hello lastHello() {
        return log.hellos.get(log.hellos.size() - 1);
    }

    private void answer(Hello hello, int epoch, long told, boolean remembers, LastReceived last) {
        log.acknowledgements.add(AcknowledgementJson.write(InMemoryLog.answer(hello, epoch, told, remembers, last)));
    }
}
