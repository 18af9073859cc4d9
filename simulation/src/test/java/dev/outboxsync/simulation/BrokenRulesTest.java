package dev.outboxsync.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation is worth what it finds: each rule, broken in the source, breaks the promise within ten seeds. */
@Tag("slow")
class BrokenRulesTest {
    private static final int SEEDS = 10;

    private static final String RELAY = "outbox-relay/main/relay/";
    private static final String CENTRE = "central-consumer/main/central/";
    private static final String EVENT = "change-events/main/event/";

    @ParameterizedTest
    @MethodSource("variants")
    void a_broken_rule_is_found_within_ten_seeds(Variant variant) {
        EditedCore core = EditedCore.of(variant);

        assertThat(LongStream.rangeClosed(1, SEEDS).anyMatch(seed -> core.violationOf(seed) != null))
                .as("found: %s", variant)
                .isTrue();
    }

    static Stream<Variant> variants() {
        return Stream.of(relay(), pace(), centre(), refusals(), lanes(), restores(), sweeps())
                .flatMap(variants -> variants);
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
                        "The relay settles what it has itself sent",
                        "whatever an acknowledgement refuses is settled",
                        RELAY + "Settling",
                        "                .filter(refusal -> inFlight.published(refusal.sequence()))\n",
                        ""),
                Variant.of(
                        "One relay leads",
                        "every relay leads",
                        RELAY + "LaneSession",
                        "return hold != LeaseHold.NONE;",
                        "return true;"),
                Variant.of(
                        "The switch holds the relay back",
                        "it publishes all the same",
                        RELAY + "LaneSession",
                        "online = site.state().online();",
                        "online = site.state().online() || true;"),
                Variant.of(
                        "A new epoch settles nothing that was sent in an older one",
                        "what was sent is remembered",
                        RELAY + "InFlight",
                        "        sent.clear();",
                        "        "),
                Variant.of(
                        "What can never be sent is FAILED",
                        "it stays PENDING",
                        RELAY + "RelayCycle",
                        "                refuse(change.id(), Reason.TOO_LARGE, epoch);",
                        "                // not refused"),
                Variant.of(
                        "The DELETE of a row that is too large is sent without its long values",
                        "it is too large",
                        "outbox-relay/test/relay/InMemorySite",
                        "boolean keyIsEnough = change.operation() == Operation.DELETE;",
                        "boolean keyIsEnough = false;"),
                Variant.of(
                        "What is not acknowledged is sent again",
                        "a lost acknowledgement is waited for",
                        RELAY + "RelayLane",
                        "        if (overdue.isEmpty()) {",
                        "        if (!overdue.isEmpty() || overdue.isEmpty()) {"),
                Variant.of(
                        "A clock that is set back holds nothing up",
                        "what is overdue is looked for when it would have been",
                        RELAY + "RelayLane",
                        "boolean wasSetBack = now.isBefore(lastOverdueCheck);",
                        "boolean wasSetBack = false;"));
    }

    private static Stream<Variant> pace() {
        return Stream.of(
                Variant.of(
                        "Acknowledgements are read from the log's end on, once that was found",
                        "they are read by whoever leads",
                        RELAY + "RelayLane",
                        "session.listening() && settle();",
                        "session.leading() && settle();"),
                Variant.of(
                        "The log's end counts as found when it was found",
                        "it counts as found before it is looked for",
                        RELAY + "LaneSession",
                        "            link.acknowledgements().startAtEnd();\n            positioned = true;",
                        "            positioned = true;\n            link.acknowledgements().startAtEnd();"),
                Variant.of(
                        "Time without a log counts as no failed attempt",
                        "it counts",
                        RELAY + "RelayLane",
                        "if (!session.connected()) {",
                        "if (overdue.isEmpty() && !session.connected()) {"),
                Variant.of(
                        "A page is sent under a lease that was extended behind its reading",
                        "extended before it",
                        RELAY + "RelayLane",
                        "            draft = cycle.read(current.number(), current.newest(site.queue()::newestPending));\n",
                        "",
                        "            Optional<Outcome> obstacle = session.renew(clock.instant());\n",
                        """
                                    Optional<Outcome> obstacle = session.renew(clock.instant());
                                    draft = cycle.read(current.number(), current.newest(site.queue()::newestPending));
                        """),
                Variant.of(
                        "A cycle ends where its relay hears nothing any more",
                        "it goes on",
                        RELAY + "RelayLane",
                        "if (!session.listening() || (greeting.answered() && !cycle.windowFull())) {",
                        "if (greeting.answered() && !cycle.windowFull()) {"),
                Variant.of(
                        "What is acknowledged is settled",
                        "an acknowledgement of refusals alone is passed over",
                        RELAY + "Settling",
                        "settlement.applied().isEmpty() && settlement.refused().isEmpty()",
                        "settlement.applied().isEmpty()"),
                Variant.of(
                        "A row is sent once a cycle",
                        "what was refused is sent again at once",
                        RELAY + "InFlight",
                        "last.cycle < cycle",
                        "last.cycle <= cycle"),
                Variant.of(
                        "retry_count counts failed attempts",
                        "what is not acknowledged in time is not counted",
                        RELAY + "RelayLane",
                        "        site.queue().attemptFailed(overdue, \"NOT_ACKNOWLEDGED\");\n",
                        ""),
                Variant.of(
                        "Waiting offline changes nothing",
                        "the time counts against what is under way",
                        RELAY + "LaneSession",
                        "if (listening() && !listened) {",
                        "if (listening() && !listened && !positioned) {"),
                Variant.of(
                        "The switch holds the relay back",
                        "it settles all the same",
                        RELAY + "RelayLane",
                        "session.listening() && settle()",
                        "settle()"),
                Variant.of(
                        "A switch that was turned is read at once",
                        "it is read with the next heartbeat",
                        RELAY + "RelayLane",
                        "                switchMayHaveTurned = false;\n                session.checkSoon();",
                        "                switchMayHaveTurned = false;"),
                Variant.of(
                        "The lane backs off",
                        "a cycle goes on behind what Kafka did not confirm",
                        RELAY + "RelayCycle",
                        "new Page(Outcome.SEND_FAILED, confirmed)",
                        "new Page(Outcome.SENT, confirmed)"),
                Variant.of(
                        "The lane backs off",
                        "a cycle goes on behind a failure of DB_A",
                        RELAY + "RelayLane",
                        "            ongoing.fail(failure);\n            ongoing = null;",
                        "            ongoing.fail(failure);"),
                Variant.of(
                        "Each pause is longer than the last",
                        "all are as long as the first",
                        RELAY + "BackOff",
                        "failures++, 20",
                        "failures, 20"),
                Variant.of(
                        "No cycle goes on where the log cannot be reached",
                        "it goes on",
                        RELAY + "RelayLane",
                        "            end(begun, obstacle.get(), clock.instant());",
                        "            greet(clock.instant());"),
                Variant.of(
                        "Who has asked for a cycle is told that the centre is silent",
                        "it waits for an answer to its HELLO",
                        RELAY + "RelayLane",
                        "                end(current, Outcome.UNANSWERED, clock.instant());",
                        "                current.progressed(clock.instant());"),
                Variant.of(
                        "A cycle that is asked for begins at once",
                        "it waits for the tick",
                        RELAY + "RelayLane",
                        "(!requests.isEmpty() || schedule.isDue(now))",
                        "schedule.isDue(now)"),
                Variant.of(
                        "A lease is extended in the database that it was written in alone",
                        "a restored DB_A that holds an older one passes for the same",
                        "outbox-relay/test/relay/InMemorySite",
                        "written <= beat && beat <= last",
                        "beat <= last"),
                Variant.of(
                        "A relay that is stopped gives its lease up",
                        "it keeps it",
                        RELAY + "LaneSession",
                        "        if (holding) {",
                        "        if (leading) {"));
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

    private static Stream<Variant> refusals() {
        return Stream.of(
                Variant.of(
                        "What may catch up is sent again",
                        "an order without its user is FAILED at once",
                        EVENT + "Reason",
                        "MISSING_PARENT(Outlook.MAY_CATCH_UP)",
                        "MISSING_PARENT(Outlook.FINAL)"),
                Variant.of(
                        "What only a person can cure is FAILED at once",
                        "a value that is too long is sent again for a day",
                        EVENT + "Reason",
                        "TOO_LONG(Outlook.FINAL)",
                        "TOO_LONG(Outlook.MAY_CATCH_UP)"),
                Variant.of(
                        "A collision with nothing before it is FAILED",
                        "nobody is told for a day",
                        EVENT + "Reason",
                        "DUPLICATE_KEY(Outlook.COLLISION)",
                        "DUPLICATE_KEY(Outlook.MAY_CATCH_UP)"),
                Variant.of(
                        "A collision waits for what comes before it",
                        "it is FAILED at once",
                        EVENT + "Reason",
                        "DUPLICATE_KEY(Outlook.COLLISION)",
                        "DUPLICATE_KEY(Outlook.FINAL)"),
                Variant.of(
                        "Rows that exchanged a value are written together",
                        "each of them is refused",
                        CENTRE + "Exchange",
                        "while (candidates.size() > 1) {",
                        "while (candidates.size() > 100) {"),
                Variant.of(
                        "Rows that exchanged a value are written together",
                        "without their versions",
                        CENTRE + "Exchange",
                        "        written.forEach(collision -> decisions.remember(collision.event()));\n",
                        ""));
    }

    private static Stream<Variant> lanes() {
        return Stream.of(
                Variant.of(
                        "Versions are read under the lane's lock",
                        "a version is read, then the lane locked",
                        CENTRE + "ApplyingChanges",
                        "        SiteState before = centre.lock(read.site());\n",
                        """
                                var early = read.events().isEmpty() ? null : KnownRecords.of(read.events(), centre);
                                SiteState before = centre.lock(read.site());
                        """,
                        "known(run, centre, attempt)",
                        "early"),
                Variant.of(
                        "An unconfirmed acknowledgement keeps the lane",
                        "its offset is committed all the same",
                        CENTRE + "PolledLanes",
                        "            } catch (ExecutionException e) {\n                putBack(lane, batch.first(), e);",
                        "            } catch (ExecutionException e) {\n                offsets.put(lane, batch.next());"),
                Variant.of(
                        "What fails is tried for ever",
                        "the third try is skipped",
                        CENTRE + "PolledLanes",
                        "            putBack(lane, first, e);\n        }\n    }\n\n    private Future<?> applyAndPublish",
                        """
                                    if (++tries % 3 == 0) {
                                        sent.put(lane, new Sent(first, records.get(records.size() - 1).offset() + 1,
                                                CompletableFuture.completedFuture(null)));
                                        return;
                                    }
                                    putBack(lane, first, e);
                                }
                            }

                            private static int tries;

                            private Future<?> applyAndPublish"""),
                Variant.of(
                        "A lane that failed goes back",
                        "it goes on behind what failed",
                        CENTRE + "PolledLanes",
                        "        log.goBack(lane, first);\n        Duration pause",
                        "        Duration pause"),
                Variant.of(
                        "The same version is a repeat",
                        "it is applied again",
                        EVENT + "Version",
                        "compareTo(other) <= 0",
                        "compareTo(other) < 0"));
    }

    private static Stream<Variant> restores() {
        return Stream.of(
                Variant.of(
                        "An epoch that is over is refused",
                        "a stale epoch is accepted",
                        CENTRE + "Decisions",
                        "if (event.version().epoch() < site.epoch()) {",
                        "if (event.version().epoch() < 0) {"),
                Variant.of(
                        "A page goes out in the order of the queue",
                        "table by table",
                        RELAY + "RelayCycle",
                        "        for (QueuedChange change : draft.changes()) {",
                        """
                                for (QueuedChange change : draft.changes().stream()
                                        .sorted(java.util.Comparator.comparing(QueuedChange::table))
                                        .toList()) {"""),
                Variant.of(
                        "A sweep deletes with a version of its own",
                        "with that of the change behind it",
                        CENTRE + "Sweep",
                        "since.sequence() - 1",
                        "since.sequence()"),
                Variant.of(
                        "Nothing is published before the HELLO is answered",
                        "it is published at once",
                        RELAY + "RelayLane",
                        "        if (!greeting.allows(draft)) {\n            if (current",
                        "        if (!greeting.allows(draft) && cycles < 0) {\n            if (current"),
                Variant.of(
                        "Whoever gains the lease asks anew",
                        "it goes on with an old answer",
                        RELAY + "LaneSession",
                        "            inFlight.forget();\n            greeting.startOver();",
                        "            inFlight.forget();"),
                Variant.of(
                        "Only what follows the answer is believed",
                        "any acknowledgement is believed",
                        RELAY + "Greeting",
                        "        if (!followsLast(acknowledgement)) {",
                        "        if (!followsLast(acknowledgement) && last.number() < 0) {"),
                Variant.of(
                        "A restored DB_A is noticed",
                        "it is taken for the same",
                        RELAY + "Judgement",
                        "return SITE_WENT_BACK;",
                        "return SAME;"),
                Variant.of(
                        "A new epoch has a number of its own",
                        "its number is not raised",
                        RELAY + "Greeting",
                        "Math.max(standing.epoch(), acknowledgement.epoch()) + 1",
                        "Math.max(standing.epoch(), acknowledgement.epoch())"),
                Variant.of(
                        "What the site has seen is kept",
                        "the centre forgets what it was told",
                        CENTRE + "SiteState",
                        "Math.max(told, seen)",
                        "told"),
                Variant.of(
                        "The centre tells what had come before the HELLO",
                        "it tells what came behind it, too",
                        CENTRE + "HelloAnswers",
                        "batch.events().subList(0, question.place())",
                        "batch.events()"),
                Variant.of(
                        "An acknowledgement's mark is drawn",
                        "it is counted",
                        CENTRE + "ApplyingChanges",
                        "HexFormat.of().toHexDigits(random.nextLong())",
                        "HexFormat.of().toHexDigits(before.given().number())"),
                Variant.of(
                        "Each sign of a restored DB_A counts",
                        "what it has told is not looked at where the centre remembers it",
                        RELAY + "Judgement",
                        "answer.told() > standing.seen().number()",
                        "(answer.told() > standing.seen().number() && !answer.remembers())"),
                Variant.of(
                        "Acknowledgements are kept until the site has seen them",
                        "none is kept",
                        CENTRE + "ApplyingChanges",
                        "        centre.keep(after.site(), after.given());\n",
                        ""),
                Variant.of(
                        "The site judges by what both remember",
                        "the age of one record is taken for a restore",
                        RELAY + "Greeting",
                        "        inFlight.forget();\n        startOver();\n    }",
                        """
                                var standing = site.state().standing();
                                site.queue().beginEpoch(standing.epoch(), standing.epoch() + 1, standing.seen(),
                                        dev.outboxsync.queue.ResyncDue.ROWS);
                                inFlight.forget();
                                startOver();
                            }"""),
                Variant.of(
                        "The centre knows which acknowledgements it gave",
                        "it remembers whatever it is told",
                        CENTRE + "HelloAnswers",
                        "boolean remembers = site.remembers(seen, centre);",
                        "boolean remembers = seen.number() >= 0;"),
                Variant.of(
                        "A new epoch knows nothing of what came before",
                        "the last change of an older epoch is told",
                        CENTRE + "SiteState",
                        "newest > epoch ? null : last",
                        "last"),
                Variant.of(
                        "A restored DB_B is noticed",
                        "what it forgot is not asked for",
                        RELAY + "Judgement",
                        "return answer.remembers() ? SAME : CENTRE_WENT_BACK;",
                        "return SAME;"));
    }

    private static Stream<Variant> sweeps() {
        String rows = "central-consumer/test/central/InMemoryTransaction";
        return Stream.of(
                Variant.of(
                        "What a restored DB_B holds alone goes",
                        "it stays",
                        RELAY + "Judgement",
                        "this == CENTRE_WENT_BACK ? ResyncDue.ROWS_AND_SWEEP : ResyncDue.ROWS",
                        "ResyncDue.ROWS"),
                Variant.of(
                        "A person decides about what a restored DB_A has lost",
                        "it is deleted at the centre",
                        RELAY + "Judgement",
                        "this == CENTRE_WENT_BACK ? ResyncDue.ROWS_AND_SWEEP : ResyncDue.ROWS",
                        "ResyncDue.ROWS_AND_SWEEP"),
                Variant.of(
                        "A sweep takes what is older",
                        "it takes all",
                        rows,
                        "!sweep.since().isCoveredBy(applied.version())",
                        "true"),
                Variant.of(
                        "A sweep spares what was refused",
                        "it takes that too",
                        rows,
                        "                    && !sweep.except().contains(record.recordId())\n",
                        ""));
    }
}
