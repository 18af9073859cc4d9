package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A site's two topics in memory. They outlive the relay; each relay has a {@link #link} of its own. */
final class InMemoryLog {
    final List<OutgoingChange> changes = new ArrayList<>();
    final List<byte[]> acknowledgements = new ArrayList<>();
    boolean reachable = true;
    final List<Hello> hellos = new ArrayList<>();
    /** What the centre answers to a HELLO, as an acknowledgement; nothing by itself if null. */
    Function<Hello, Acknowledgement> answering = this::nextAnswer;

    private @Nullable AcknowledgementId answered;

    int polls;
    int longestPage;
    /** What becomes of a page. */
    Function<List<OutgoingChange>, Publication> sending = this::take;

    private final Faults faults;

    InMemoryLog(Faults faults) {
        this.faults = faults;
    }

    List<Long> sequences() {
        return changes.stream().map(OutgoingChange::sequence).toList();
    }

    /** All of a page is confirmed. */
    Publication take(List<OutgoingChange> page) {
        changes.addAll(page);
        return new Publication(sequences(page), List.of(), List.of(), null);
    }

    /** Only this many of a page are confirmed; the others are stored all the same, or not. */
    Publication takeSome(List<OutgoingChange> page, int confirmed, boolean stored) {
        changes.addAll(stored ? page : page.subList(0, confirmed));
        List<Long> sequences = sequences(page);
        return new Publication(
                sequences.subList(0, confirmed),
                List.of(),
                sequences.subList(confirmed, sequences.size()),
                "TimeoutException");
    }

    private static List<Long> sequences(List<OutgoingChange> page) {
        return page.stream().map(OutgoingChange::sequence).toList();
    }

    /** An answer that says so. */
    /** Follows the answer before it, as those of a centre do that was never restored. */
    private Acknowledgement nextAnswer(Hello hello) {
        Acknowledgement answer =
                answer(hello, hello.epoch(), 0, true, null, answered == null ? hello.seen() : answered);
        answered = answer.id();
        return answer;
    }

    static Acknowledgement answer(Hello hello, int epoch, long told, boolean remembers, LastReceived last) {
        return answer(hello, epoch, told, remembers, last, hello.seen());
    }

    private static Acknowledgement answer(
            Hello hello, int epoch, long told, boolean remembers, LastReceived last, AcknowledgementId before) {
        return new Acknowledgement(
                hello.site(),
                epoch,
                new AcknowledgementId(before.number() + 1, "answer"),
                before.mark(),
                List.of(),
                List.of(),
                0,
                Instant.parse("2026-11-23T06:00:01Z"),
                new HelloAnswer(hello.token(), told, remembers, last));
    }

    Link link() {
        return new Link(
                () -> faults.call(() -> reachable ? Optional.empty() : Optional.of("Kafka cannot be reached")),
                new Changes(),
                new Acknowledgements());
    }

    private final class Changes implements ChangePublisher {
        @Override
        public Publication publish(List<OutgoingChange> page) {
            longestPage = Math.max(longestPage, page.size());
            return faults.call(() -> sending.apply(page));
        }

        @Override
        public boolean greet(byte[] hello) {
            return faults.call(() -> take(hello));
        }

        private boolean take(byte[] value) {
            try {
                Hello hello = (Hello) LaneRecordJson.read(value);
                hellos.add(hello);
                if (answering != null) {
                    acknowledgements.add(AcknowledgementJson.write(answering.apply(hello)));
                }
                return true;
            } catch (MalformedRecordException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final class Acknowledgements implements AcknowledgementSource {
        private int position = -1;

        @Override
        public void startAtEnd() {
            faults.run(() -> position = acknowledgements.size());
        }

        @Override
        public List<Received> poll(Duration atMost) {
            // Not a fault's place: a poll that fails has not moved on.
            polls++;
            var received = new ArrayList<Received>();
            for (; position < acknowledgements.size(); position++) {
                received.add(new Received(position, acknowledgements.get(position)));
            }
            return received;
        }
    }
}
