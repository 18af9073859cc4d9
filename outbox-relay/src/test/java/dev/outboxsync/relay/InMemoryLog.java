package dev.outboxsync.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A site's two topics in memory. They outlive the relay; each relay has a {@link #link} of its own. */
final class InMemoryLog {
    final List<OutgoingChange> changes = new ArrayList<>();
    final List<byte[]> acknowledgements = new ArrayList<>();
    boolean reachable = true;
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

    Link link() {
        return new Link(
                () -> faults.call(() -> reachable ? Optional.empty() : Optional.of("Kafka cannot be reached")),
                this::publish,
                new Acknowledgements());
    }

    private Publication publish(List<OutgoingChange> page) {
        longestPage = Math.max(longestPage, page.size());
        return faults.call(() -> sending.apply(page));
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
