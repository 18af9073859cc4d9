package dev.outboxsync.central;

import static dev.outboxsync.central.Changes.SITE;
import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.HelloJson;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import java.time.Clock;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a site is told of what the centre remembers, by every central database. */
abstract class AnsweringHellosContract {
    private final Changes site = Changes.of(SITE);
    private ApplyingChanges applying;
    private long offset = 100;

    abstract CentralDatabase database();

    @BeforeEach
    void open() {
        applying = new ApplyingChanges(database(), Clock.systemUTC(), new SplittableRandom(7));
    }

    private Acknowledgement apply(byte[]... values) {
        AppliedBatch batch = applying.apply(SITE, Changes.at(offset, SITE, values));
        offset += values.length;
        return batch.acknowledgement().orElseThrow();
    }

    private HelloAnswer answer(byte[]... values) {
        return apply(values).answer();
    }

    private static byte[] hello(String token, AcknowledgementId seen) {
        return hello(token, 1, seen);
    }

    private static byte[] hello(String token, int epoch, AcknowledgementId seen) {
        return HelloJson.write(new Hello(SITE, epoch, token, seen));
    }

    private static LastReceived last(long sequence) {
        return new LastReceived(sequence, Changes.CAPTURED);
    }

    @Test
    void a_site_that_is_new_is_remembered_and_has_sent_nothing() {
        Acknowledgement acknowledgement = apply(hello("a", AcknowledgementId.NONE));

        assertThat(acknowledgement.answer()).isEqualTo(new HelloAnswer("a", 0, true, null));
        assertThat(acknowledgement.applied()).isEmpty();
        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(acknowledgement.epoch()).isEqualTo(1);
        assertThat(acknowledgement.id().number()).isEqualTo(1);
    }

    @Test
    void each_acknowledgement_repeats_the_mark_of_the_one_before() {
        Acknowledgement first = apply(site.user(1, INSERT, 1, "Ann"));
        Acknowledgement second = apply(hello("a", AcknowledgementId.NONE));

        assertThat(first.previous()).isEmpty();
        assertThat(second.previous()).isEqualTo(first.id().mark());
        assertThat(second.id().number()).isEqualTo(first.id().number() + 1);
    }

    @Test
    void an_acknowledgement_without_a_hello_answers_none() {
        assertThat(answer(site.user(1, INSERT, 1, "Ann"))).isNull();
    }

    @Test
    void the_change_of_the_greatest_sequence_is_told_whatever_became_of_it() {
        apply(site.user(7, INSERT, 1, "Ann"));
        apply(site.user(5, INSERT, 2, "Bob"));
        apply(site.user(5, INSERT, 2, "Bob"));
        assertThat(answer(hello("a", AcknowledgementId.NONE)).last()).isEqualTo(last(7));

        HelloAnswer answer = answer(site.order(9, INSERT, 1, 99, "1.00", "PAID"), hello("b", AcknowledgementId.NONE));

        assertThat(answer.last()).isEqualTo(last(9));
    }

    @Test
    void changes_and_a_hello_in_one_batch_get_one_acknowledgement() {
        Acknowledgement acknowledgement = apply(
                site.user(1, INSERT, 1, "Ann"),
                hello("a", AcknowledgementId.NONE),
                site.user(2, DELETE, 1, "Ann"),
                site.order(3, INSERT, 1, 99, "1.00", "PAID"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 2));
        assertThat(acknowledgement.refused()).containsExactly(new Refusal(3, Reason.MISSING_PARENT, "orders.user_id"));
        assertThat(acknowledgement.answer()).isEqualTo(new HelloAnswer("a", 0, true, last(1)));
    }

    @Test
    void an_acknowledgement_that_was_given_is_remembered_and_told_to_the_next_hello() {
        AcknowledgementId first = apply(site.user(1, INSERT, 1, "Ann")).id();
        AcknowledgementId second = apply(site.user(2, INSERT, 2, "Bob")).id();

        assertThat(answer(hello("a", first))).isEqualTo(new HelloAnswer("a", 0, true, last(2)));
        assertThat(answer(hello("b", second))).isEqualTo(new HelloAnswer("b", 1, true, last(2)));
        assertThat(answer(hello("c", second))).isEqualTo(new HelloAnswer("c", 2, true, last(2)));
    }

    @Test
    void an_older_hello_that_comes_late_is_no_sign_of_a_restore() {
        AcknowledgementId first = apply(site.user(1, INSERT, 1, "Ann")).id();
        AcknowledgementId second = apply(site.user(2, INSERT, 2, "Bob")).id();
        apply(hello("a", second));

        assertThat(answer(hello("late", first))).isEqualTo(new HelloAnswer("late", 2, true, last(2)));
        assertThat(answer(hello("b", second)).told()).isEqualTo(2);
    }

    @Test
    void an_acknowledgement_that_was_never_given_is_not_remembered_however_often_it_is_told() {
        apply(site.user(1, INSERT, 1, "Ann"));
        var foreign = new AcknowledgementId(1, "ffffffffffffffff");
        var future = new AcknowledgementId(9, "ffffffffffffffff");

        for (String token : new String[] {"a", "b", "c"}) {
            assertThat(answer(hello(token, foreign))).isEqualTo(new HelloAnswer(token, 0, false, last(1)));
            assertThat(answer(hello(token, future))).isEqualTo(new HelloAnswer(token, 0, false, last(1)));
        }
    }

    @Test
    void numbers_that_have_passed_what_the_site_saw_hide_no_restore() {
        var before = new AcknowledgementId(2, "ffffffffffffffff");
        for (int i = 1; i <= 5; i++) {
            apply(site.user(i, INSERT, i, "Ann"));
        }

        assertThat(answer(hello("a", before)).remembers()).isFalse();
    }

    @Test
    void a_site_that_tells_no_mark_is_believed_by_the_number() {
        apply(site.user(1, INSERT, 1, "Ann"));

        assertThat(answer(hello("a", new AcknowledgementId(2, ""))).remembers()).isFalse();
        assertThat(answer(hello("b", new AcknowledgementId(1, ""))).remembers()).isTrue();
    }

    @Test
    void what_came_behind_a_hello_is_not_told() {
        byte[] hello = hello("a", AcknowledgementId.NONE);

        assertThat(answer(site.user(2, INSERT, 1, "Ann"), hello, site.user(3, INSERT, 2, "Bob"))
                        .last())
                .isEqualTo(last(2));
    }

    @Test
    void of_an_older_epoch_nothing_is_told() {
        AcknowledgementId seen = apply(site.user(7, INSERT, 1, "Ann")).id();

        Acknowledgement begun = apply(hello("a", 2, seen));

        assertThat(begun.epoch()).isEqualTo(2);
        assertThat(begun.answer()).isEqualTo(new HelloAnswer("a", 0, true, null));
        Acknowledgement stale = apply(site.user(9, INSERT, 2, "Bob"), hello("b", 2, begun.id()));
        assertThat(stale.refused()).containsExactly(new Refusal(9, Reason.STALE_EPOCH, null));
        assertThat(stale.answer().last()).isNull();
        assertThat(answer(site.inEpoch(2).user(3, INSERT, 2, "Bob"), hello("c", 2, begun.id()))
                        .last())
                .isEqualTo(last(3));
    }

    @Test
    void of_several_hellos_in_a_batch_the_last_is_answered() {
        AcknowledgementId seen = apply(site.user(1, INSERT, 1, "Ann")).id();

        assertThat(answer(hello("a", seen), hello("b", AcknowledgementId.NONE)))
                .isEqualTo(new HelloAnswer("b", 1, true, last(1)));
    }
}
