package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.MalformedRecordException.Problem;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** The records of one site that are applied together: change events in the order of the lane, HELLOs, and what is neither. */
record Batch(
        Site site,
        List<ReceivedRecord> records,
        List<ChangeEvent> events,
        List<Question> questions,
        List<Poison> poison) {
    /** A compressed batch of 1 MB, which is what Kafka looks at, can hold a record that fills the memory and DB_B's packets. */
    private static final int LARGEST = 16 * 1024 * 1024;

    private static final int MOST_KEPT = 1024 * 1024;

    /** @param place how many of the batch's events came before it */
    record Question(Hello hello, int place) {}

    /** Reads the records. The site is the topic's: what a record says of its site is only compared with it. */
    static Batch of(Site site, List<ReceivedRecord> records) {
        return of(site, records, epoch -> true);
    }

    private static Batch of(Site site, List<ReceivedRecord> records, IntPredicate mayBe) {
        var batch = new Batch(site, records, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        records.forEach(received -> batch.add(received, mayBe));
        return batch;
    }

    /** The same records, those of an epoch that the site cannot have reached among the poison. */
    Batch near(int epoch) {
        IntPredicate mayBe = other -> Version.mayFollow(other, epoch);
        return Stream.concat(events.stream(), hellos()).allMatch(one -> mayBe.test(one.epoch()))
                ? this
                : of(site, records, mayBe);
    }

    Stream<Hello> hellos() {
        return questions.stream().map(Question::hello);
    }

    long fromOffset() {
        return records.get(0).offset();
    }

    private void add(ReceivedRecord received, IntPredicate mayBe) {
        if (received.size() > LARGEST || received.headersSize() > MOST_KEPT) {
            poison.add(Poison.of(received.cutTo(MOST_KEPT), Problem.TOO_LARGE, "first " + MOST_KEPT + " bytes kept"));
            return;
        }
        try {
            LaneRecord laneRecord = LaneRecordJson.read(received.value());
            if (!laneRecord.site().equals(site)) {
                poison.add(Poison.of(received, Problem.UNKNOWN_SITE, "site"));
            } else if (!mayBe.test(laneRecord.epoch())) {
                poison.add(Poison.of(received, Problem.WRONG_FIELD, "epoch"));
            } else if (laneRecord instanceof ChangeEvent event) {
                events.add(event);
            } else if (laneRecord instanceof Hello hello) {
                questions.add(new Question(hello, events.size()));
            }
        } catch (MalformedRecordException e) {
            poison.add(Poison.of(received, e.problem(), e.field()));
        }
    }

    /** Whether there is nothing to acknowledge to the site in this epoch. */
    boolean isUnanswerable(int epoch) {
        return events.isEmpty() && questions.isEmpty() && malformed(epoch).isEmpty();
    }

    /** What the site is told of the poison. */
    List<Refusal> malformed(int epoch) {
        return poison.stream().flatMap(one -> one.refusal(site, epoch).stream()).toList();
    }

    /** The events, in order; a sweep stands alone, for it is about what all before it have left. */
    List<List<ChangeEvent>> runs() {
        var runs = new ArrayList<List<ChangeEvent>>();
        boolean alone = true;
        for (ChangeEvent event : events) {
            boolean sweeps = event.operation() == Operation.SWEEP;
            if (alone || sweeps) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(event);
            alone = sweeps;
        }
        return runs;
    }
}
