package dev.outboxsync.simulation;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.SiteStanding;
import dev.outboxsync.relay.InMemorySite;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a relay may believe, acknowledgement by acknowledgement, in the order in which it reads them: the answer to its last
 * HELLO, and what follows it without a gap. Any other may be of a DB_B that went back, and until the centre has answered
 * anew nothing is believed.
 */
final class RelayBelief {
    private final ShopDatabase shop;
    private final String relay;
    private final RelayFlight flight;
    private final Records records;
    /** Read, and not looked at yet. */
    private final Deque<Acknowledgement> unread = new ArrayDeque<>();
    /** Believed, and perhaps still to be settled. */
    private @Nullable Acknowledgement inHand;
    /** Whether its epoch was compared with that of DB_A. */
    private boolean compared;

    /** An answer that is being judged: it depends on what DB_A holds. */
    private @Nullable Acknowledgement judged;

    private String asked = "";
    private SiteStanding askedAt = new SiteStanding(0, AcknowledgementId.NONE);
    private boolean answered;
    private AcknowledgementId last = AcknowledgementId.NONE;
    /** To what was last asked. */
    private final Map<AcknowledgementId, Answer> answers = new HashMap<>();

    RelayBelief(ShopDatabase shop, String relay, RelayFlight flight, Records records) {
        this.shop = shop;
        this.relay = relay;
        this.flight = flight;
        this.records = records;
    }

    /**
     * An answer to a HELLO of this relay.
     *
     * @param due what the epoch has to send again that it makes begin; null when neither database went back
     * @param epoch of DB_A as it was judged
     * @param restores how often DB_A had gone back by then
     */
    private record Answer(Acknowledgement told, @Nullable ResyncDue due, int epoch, int restores) {
        boolean isOf(ShopDatabase shop) {
            return epoch == shop.queue.epoch && restores == shop.restores;
        }
    }

    boolean answered() {
        return answered;
    }

    /** A HELLO is about to be sent, of a DB_A that stands so. */
    void asking(byte[] hello, SiteStanding standing) {
        asked = ((Hello) records.laneRecord(hello)).token();
        askedAt = standing;
        answers.clear();
    }

    /** A record of the log was read. */
    void heard(byte[] value) {
        unread.add(records.acknowledgement(value));
    }

    /** A call has failed: either database may be another one now, and what was read is not believed any longer. */
    void failed() {
        unread.clear();
        judged = null;
        compared = false;
        startOver();
    }

    /** The lease is gained: nobody knows who has led meanwhile, and in which database. */
    void leads() {
        failed();
        inHand = null;
        answers.clear();
    }

    /** Nothing is believed until it has asked anew. */
    void startOver() {
        answered = false;
        asked = "";
    }

    /** DB_A is about to be asked for its epoch: of what is believed next, or for a page. */
    void compares() {
        goOn();
        compared = inHand != null;
    }

    /** What is in hand is done if it was compared; what is not believed after it is passed over without a call. */
    void goOn() {
        if (compared) {
            passOver();
        }
        while (inHand == null && judged == null && !unread.isEmpty() && !isAnswer(unread.element())) {
            next();
        }
    }

    /** DB_A was asked how it stands. Answers whether that is to judge what the centre has answered. */
    boolean judges(SiteStanding standing) {
        if (unread.isEmpty() || !isAnswer(unread.element())) {
            return false;
        }
        passOver();
        Acknowledgement answer = unread.remove();
        boolean isOfNow = standing.epoch() == askedAt.epoch()
                && (answered || standing.seen().equals(askedAt.seen()));
        if (!isOfNow) {
            startOver();
        } else if (Objects.requireNonNull(answer.answer()).last() == null) {
            judge(answer, standing.epoch());
        } else {
            judged = answer;
        }
        return true;
    }

    /** DB_A was asked whether it holds what the centre says came last. */
    void looksForLast() {
        if (judged != null) {
            judge(judged, askedAt.epoch());
            judged = null;
        }
    }

    /** All that was read has been looked at by now. */
    void lookedAtAll() {
        while (!unread.isEmpty()) {
            next();
        }
        passOver();
    }

    /** What this one tells is settled: it is believed, and nothing before it was passed over that is to be settled. */
    void settling(AcknowledgementId id) {
        while (inHand == null || !inHand.id().equals(id)) {
            if (unread.isEmpty()) {
                throw new Violation("%s settles what %s tells, which follows no answer".formatted(relay, id));
            }
            next();
        }
    }

    /** It is settled. */
    void settled() {
        inHand = null;
        compared = false;
    }

    private void next() {
        passOver();
        Acknowledgement next = unread.remove();
        if (isAnswer(next)) {
            throw new Violation("%s has asked, and does not judge what %s answers".formatted(relay, next.id()));
        }
        if (answered) {
            believeIfItFollows(next);
        }
    }

    private void passOver() {
        if (judged != null) {
            throw new Violation("%s judges %s without a look at what DB_A holds".formatted(relay, judged.id()));
        }
        if (inHand != null) {
            flight.demandNothingOf(inHand);
        }
        inHand = null;
        compared = false;
    }

    private boolean isAnswer(Acknowledgement acknowledgement) {
        return acknowledgement.answer() != null
                && acknowledgement.answer().token().equals(asked);
    }

    private void believeIfItFollows(Acknowledgement next) {
        boolean follows =
                next.id().number() == last.number() + 1 && next.previous().equals(last.mark());
        if (follows) {
            last = next.id();
            inHand = next;
        } else {
            flight.forget();
            startOver();
        }
    }

    private void judge(Acknowledgement answer, int epoch) {
        ResyncDue due = due(answer);
        answers.put(answer.id(), new Answer(answer, due, epoch, shop.restores));
        if (due != null) {
            startOver();
        } else if (answered) {
            asked = "";
            believeIfItFollows(answer);
        } else {
            flight.startAgain();
            asked = "";
            answered = true;
            last = answer.id();
            inHand = answer;
        }
    }

    /** Of a DB_A that went back DB_B tells what it does not know; if DB_B alone did, it has forgotten what it has given. */
    private @Nullable ResyncDue due(Acknowledgement told) {
        HelloAnswer answer = Objects.requireNonNull(told.answer());
        LastReceived received = answer.last();
        boolean isKnown = received == null || isHeld(received);
        if (told.epoch() > shop.queue.epoch || answer.told() > shop.queue.seen.number() || !isKnown) {
            return ResyncDue.ROWS;
        }
        return answer.remembers() ? null : ResyncDue.ROWS_AND_SWEEP;
    }

    private boolean isHeld(LastReceived received) {
        InMemorySite.Row row = shop.queue.row(received.sequence());
        return row != null && row.change.capturedAt().equals(received.capturedAt());
    }

    /** Of what is about to be sent. */
    void demandThatNoneWentBack() {
        if (!answered) {
            throw new Violation("%s publishes, and no HELLO was answered since it leads".formatted(relay));
        }
        boolean wentBack = answers.values().stream().allMatch(answer -> answer.isOf(shop) && answer.due() != null);
        if (wentBack && !answers.isEmpty()) {
            throw new Violation("%s publishes, and %s tells that a database went back".formatted(relay, answers));
        }
    }

    void demandRightEpoch(int next, AcknowledgementId seen, ResyncDue due) {
        Answer answer = answers.get(seen);
        boolean isRight = answer != null
                && (due == answer.due() || !answer.isOf(shop))
                && next == Math.max(answer.epoch(), answer.told().epoch()) + 1;
        if (!isRight) {
            throw new Violation("%s begins epoch %d from %s on, %s due, as it is told %s"
                    .formatted(relay, next, seen, due, answers));
        }
    }
}
