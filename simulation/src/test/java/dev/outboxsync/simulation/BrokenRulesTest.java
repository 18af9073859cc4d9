package dev.outboxsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth what it finds: each rule, broken in the source, breaks the promise within thirty seeds. */
@Tag("slow")
class BrokenRulesTest {
    private static final int SEEDS = 30;
    private static final int STEPS = 1_000;

    /** What one world in sixty finds: the thirty begin where one is known. */
    private static final Map<String, Long> FIRST_SEEDS = Map.of("it goes out as the newest", 201L);

    private static final String RELAY = "outbox-relay/main/relay/";
    private static final String CENTRE = "central-consumer/main/central/";
    private static final String EVENT = "change-events/main/event/";

    @ParameterizedTest
    @MethodSource("variants")
    void a_broken_rule_is_found_within_thirty_seeds(Variant variant) {
        EditedCore core = EditedCore.of(variant);

        long first = FIRST_SEEDS.getOrDefault(variant.broken(), 1L);
        assertThat(LongStream.range(first, first + SEEDS).anyMatch(seed -> core.violationOf(seed, STEPS) != null))
                .as("found: %s", variant)
                .isTrue();
    }

    static Stream<Variant> variants() {
        return Stream.concat(relay(), Stream.concat(centre(), restores()));
    }

    private static Stream<Variant> relay() {
        return Stream.of(
                Variant.of(
                        "Only an acknowledgement settles",
                        "a row is SYNCED when it is sent",
                        RELAY + "RelayCycle",
                        "        inFlight.published(publication.confirmed(), cycle,",
                        """
                        site.queue().settle(new dev.outboxsync.queue.Settlement(
                                new dev.outboxsync.event.Acknowledgement(name, epoch,
                                        dev.outboxsync.event.AcknowledgementId.NONE, "", List.of(), List.of(), 0,
                                        clock.instant(), null), 0, publication.confirmed(), List.of()));
                        inFlight.published(publication.confirmed(), cycle,"""),
                Variant.of(
                        "PENDING is read from the oldest on",
                        "the poller goes on behind the last id seen",
                        RELAY + "RelayCycle",
                        ".filter(id -> inFlight.maySend(id, cycle))",
                        ".filter(id -> inFlight.maySend(id, cycle) && id > lastSeen)",
                        "        List<QueuedChange> changes =",
                        "        lastSeen = sendable.get(sendable.size() - 1);\n        List<QueuedChange> changes =",
                        "    private int window;",
                        "    private int window;\n    private static long lastSeen;"),
                Variant.of(
                        "The lane backs off, not a row",
                        "a row that failed waits by itself",
                        RELAY + "InFlight",
                        "(last.givenUp || last.cycle < cycle)",
                        "last.cycle + (last.givenUp ? 2 : 0) < cycle"),
                Variant.of(
                        "A page is in the queue's order",
                        "the newest first",
                        RELAY + "RelayCycle",
                        "                .limit(room)\n",
                        "                .sorted(java.util.Comparator.reverseOrder()).limit(room)\n",
                        "        List<QueuedChange> changes = ",
                        "        List<QueuedChange> changes = sendable.size() > 1 ? List.of() : "),
                Variant.of(
                        "The relay settles what it has itself sent",
                        "whatever an acknowledgement names is settled",
                        RELAY + "Settling",
                        "inFlight.published(range.first(), range.last()).stream()",
                        "java.util.stream.LongStream.rangeClosed(range.first(), range.last()).boxed()"),
                Variant.of(
                        "One relay leads",
                        "every relay leads",
                        RELAY + "LaneSession",
                        "return hold != LeaseHold.NONE;",
                        "return true;"),
                Variant.of(
                        "What is not acknowledged is sent again",
                        "a lost acknowledgement is waited for",
                        RELAY + "RelayLane",
                        "        if (overdue.isEmpty()) {",
                        "        if (!overdue.isEmpty() || overdue.isEmpty()) {"));
    }

    private static Stream<Variant> centre() {
        return Stream.of(
                Variant.of(
                        "A repeat is acknowledged again",
                        "a duplicate gets no answer",
                        CENTRE + "Outcome",
                        "        refusals.put(",
                        "        if (decision instanceof Decision.Superseded) {\n            return;\n        }\n        refusals.put("),
                Variant.of(
                        "A gap ends a range",
                        "a range across a gap",
                        EVENT + "SequenceRange",
                        "sequence != last + 1",
                        "sequence < last"),
                Variant.of(
                        "A refused change is not applied",
                        "what was refused is acknowledged as applied",
                        CENTRE + "Outcome",
                        "decision instanceof Decision.Refuse refuse ? Optional.of(refuse.refusal()) : Optional.empty()",
                        "Optional.empty()"),
                Variant.of(
                        "No upsert on synced tables",
                        "a row with the same value of another key is overwritten",
                        "central-consumer/test/central/InMemoryRows",
                        "        return taken ? refused(Reason.DUPLICATE_KEY, \"users.email\") : Optional.empty();",
                        """
                                tables.get("users").entrySet().removeIf(other -> !other.getKey().equals(key)
                                        && other.getValue().get("email").equalsIgnoreCase(row.get("email")));
                                return Optional.empty();"""),
                Variant.of(
                        "Deleted records keep their version",
                        "no tombstone",
                        CENTRE + "Decisions",
                        "if (last != null && event.version()",
                        "if (last != null && !last.deleted() && event.version()"),
                Variant.of(
                        "Versions are remembered with the change",
                        "a version is not written",
                        CENTRE + "Decisions",
                        "        centre.remember(applied, known.remembered().keySet());",
                        "        applied.clear();"),
                Variant.of(
                        "An acknowledgement comes after DB_B's commit",
                        "acknowledged before the commit, which then fails",
                        "simulation/test/central/SimulatedCentralDatabase",
                        "                    open.commit(watch);",
                        "                    if (++tried % 4 > 0) {\n                        open.commit(watch);\n                    }",
                        "    private int commits;",
                        "    private int commits;\n    private int tried;"),
                Variant.of(
                        "Offsets are committed last",
                        "the offset is committed before the work",
                        CENTRE + "PolledLanes",
                        "            sent.put(lane, new Sent(first, next, applyAndPublish(lane, records)));",
                        "            log.commit(Map.of(lane, next));\n            sent.put(lane, new Sent(first, next, applyAndPublish(lane, records)));"),
                Variant.of(
                        "Nothing is skipped",
                        "what fails is skipped",
                        CENTRE + "PolledLanes",
                        "            putBack(lane, first, e);\n        }\n    }\n\n    private Future<?> applyAndPublish",
                        """
                                    sent.put(lane, new Sent(first, records.get(records.size() - 1).offset() + 1,
                                            CompletableFuture.completedFuture(null)));
                                }
                            }

                            private Future<?> applyAndPublish"""));
    }

    private static Stream<Variant> restores() {
        return Stream.of(
                Variant.of(
                        "The site judges by what both remember",
                        "the age of one record is taken for a restore",
                        RELAY + "Greeting",
                        "        inFlight.forget();\n        startOver();\n        return false;",
                        """
                                var standing = site.state().standing();
                                site.state().beginEpoch(standing.epoch(), standing.epoch() + 1, standing.seen(),
                                        dev.outboxsync.queue.ResyncDue.ROWS);
                                inFlight.forget();
                                startOver();
                                return false;"""),
                Variant.of(
                        "The centre knows which acknowledgements it gave",
                        "it remembers whatever it is told",
                        CENTRE + "HelloAnswers",
                        "boolean remembers = seen.number() <= site.told() || gave(seen);",
                        "boolean remembers = seen.number() >= 0 || gave(seen);"),
                Variant.of(
                        "A new epoch knows nothing of what came before",
                        "the last change of an older epoch is told",
                        CENTRE + "SiteState",
                        "newest > epoch ? null : last",
                        "last"),
                Variant.of(
                        "What was overtaken is not sent under a new epoch",
                        "it goes out as the newest",
                        RELAY + "Greeting",
                        "        site.queue().giveUpOvertaken();\n",
                        ""),
                Variant.of(
                        "A restored DB_B is noticed",
                        "what it forgot is not asked for",
                        RELAY + "Judgement",
                        "return answer.remembers() ? SAME : CENTRE_WENT_BACK;",
                        "return SAME;"));
    }
}
