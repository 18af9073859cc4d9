package dev.outboxsync.central;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Hello;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a batch has to make of DB_B, and to answer: one record after the other, said as plainly as can be. The centre may
 * group, guess and try anew as it likes, and has to end here. Nothing of its own code decides here.
 */
public final class CentreSpecification {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    private final Site site;
    private final long fromOffset;
    private final AcknowledgementId previous;
    private final InMemoryRows rows;
    private final Set<AcknowledgementId> given;
    private final int epoch;
    private final Set<Long> quarantined;
    /** Why each sequence was refused; empty where it was not. */
    private final Map<Long, Optional<Reason>> ends = new TreeMap<>();
    /** Of each record the last change that was refused for another's value of a unique key. */
    private final Map<RecordKey, ChangeEvent> collided = new LinkedHashMap<>();

    private long told;
    private @Nullable LastReceived last;
    private @Nullable HelloAnswer answer;

    private CentreSpecification(InMemoryRows before, Site site, long fromOffset, List<LaneRecord> records) {
        this.site = site;
        this.fromOffset = fromOffset;
        this.rows = before.copy();
        this.quarantined = new HashSet<>(rows.quarantine.keySet());
        this.given = rows.given.computeIfAbsent(site, any -> new HashSet<>());
        SiteState known = rows.sites.get(site);
        this.previous = known == null ? AcknowledgementId.NONE : known.given();
        int knownEpoch = known == null ? 1 : known.epoch();
        this.epoch = records.stream().mapToInt(LaneRecord::epoch).reduce(knownEpoch, Math::max);
        this.told = known == null ? 0 : known.told();
        this.last = known == null || knownEpoch < epoch ? null : known.last();
    }

    /**
     * What a batch has to end in.
     *
     * @param before what was committed before the batch
     * @param read the batch by offset, with at least one record of this site; one of another site is none
     */
    public static CentreSpecification of(
            SimulatedCentralDatabase.State before, Site site, SortedMap<Long, LaneRecord> read) {
        List<LaneRecord> records = read.values().stream()
                .filter(record -> record.site().equals(site))
                .toList();
        var specification = new CentreSpecification(before.rows, site, read.firstKey(), records);
        read.forEach((offset, record) -> specification.quarantine(offset, record.site()));
        specification.takeHellos(records);
        specification.takeEvents(records);
        return specification;
    }

    private void quarantine(long offset, Site writer) {
        if (!writer.equals(site)) {
            quarantined.add(offset);
        }
    }

    /** Each is told what had come before it; all are heard before the first change is applied. */
    private void takeHellos(List<LaneRecord> records) {
        for (LaneRecord record : records) {
            if (record instanceof Hello hello) {
                AcknowledgementId seen = hello.seen();
                answer = new HelloAnswer(hello.token(), told, remembers(seen), last);
                if (remembers(seen) && seen.number() > told) {
                    told = seen.number();
                    given.removeIf(id -> id.number() < told);
                }
            } else if (record instanceof ChangeEvent event && event.epoch() == epoch) {
                boolean greatest = last == null || event.version().sequence() > last.sequence();
                last = greatest ? new LastReceived(event.version().sequence(), event.capturedAt()) : last;
            }
        }
    }

    private boolean remembers(AcknowledgementId seen) {
        return seen.number() <= told || given.contains(seen);
    }

    private void takeEvents(List<LaneRecord> records) {
        for (LaneRecord record : records) {
            if (record instanceof ChangeEvent event) {
                if (event.operation() == Operation.SWEEP) {
                    exchange();
                }
                ends.put(event.version().sequence(), refusal(event));
            }
        }
        exchange();
    }

    private Optional<Reason> refusal(ChangeEvent event) {
        if (event.epoch() < epoch) {
            return Optional.of(Reason.STALE_EPOCH);
        }
        AppliedVersion known = rows.versions.get(RecordKey.of(event));
        if (known != null && !known.owner().equals(site)) {
            return Optional.of(Reason.OTHER_SITE);
        }
        if (!isNews(event)) {
            return Optional.empty();
        }
        if (event.operation() == Operation.SWEEP) {
            return swept(event);
        }
        Optional<Reason> refused = rows.write(
                        statement(event), event.table(), event.row().columns())
                .map(RowRefusal::reason);
        if (refused.isEmpty()) {
            remember(event);
        } else if (refused.get() == Reason.DUPLICATE_KEY) {
            collided.put(RecordKey.of(event), event);
        }
        return refused;
    }

    private boolean isNews(ChangeEvent event) {
        AppliedVersion applied = rows.versions.get(RecordKey.of(event));
        return applied == null || isBefore(applied.version(), event.version());
    }

    private static boolean isBefore(Version one, Version other) {
        return one.epoch() < other.epoch() || (one.epoch() == other.epoch() && one.sequence() < other.sequence());
    }

    private Operation statement(ChangeEvent event) {
        if (event.operation() == Operation.DELETE) {
            return Operation.DELETE;
        }
        return rows.holds(event.table(), event.row().columns()) ? Operation.UPDATE : Operation.INSERT;
    }

    private void remember(ChangeEvent event) {
        rows.versions.put(
                RecordKey.of(event), new AppliedVersion(site, event.version(), event.operation() == Operation.DELETE));
    }

    /** All that is older than the plan goes, unless it was refused; with children elsewhere, nothing. */
    private Optional<Reason> swept(ChangeEvent event) {
        Map<String, String> row = event.row().columns();
        if (!remembers(new AcknowledgementId(Long.parseLong(row.get("seen")), row.get("mark")))) {
            return Optional.of(Reason.STALE_EPOCH);
        }
        var since = new Version(Integer.parseInt(row.get("epoch")), Long.parseLong(row.get("since")));
        Set<String> spared = row.get("except") == null
                ? Set.of()
                : QUOTED.matcher(row.get("except"))
                        .results()
                        .map(id -> id.group(1))
                        .collect(Collectors.toSet());
        List<RecordKey> gone = rows.versions.entrySet().stream()
                .filter(known -> known.getKey().table().equals(event.table()))
                .filter(known -> known.getValue().owner().equals(site))
                .filter(known -> !known.getValue().deleted())
                .filter(known -> isBefore(known.getValue().version(), since))
                .map(Map.Entry::getKey)
                .filter(record -> !spared.contains(record.recordId()))
                .toList();
        Set<String> ids = gone.stream().map(RecordKey::recordId).collect(Collectors.toSet());
        if (event.table().equals("users")
                && rows.tables.get("orders").values().stream().anyMatch(order -> ids.contains(order.get("user_id")))) {
            return Optional.of(Reason.HAS_CHILDREN);
        }
        rows.tables.get(event.table()).keySet().removeAll(ids);
        var buried = new AppliedVersion(site, new Version(since.epoch(), since.sequence() - 1), true);
        gone.forEach(record -> rows.versions.put(record, buried));
        return Optional.empty();
    }

    /** Users that were refused for each other's e-mails are taken all together; one that even then collides is left out. */
    private void exchange() {
        List<ChangeEvent> candidates =
                new ArrayList<>(collided.values().stream().filter(this::isNews).toList());
        collided.clear();
        while (candidates.size() > 1) {
            InMemoryRows trial = rows.copy();
            candidates.forEach(one -> trial.tables.get("users").remove(one.recordId()));
            Optional<ChangeEvent> refused = candidates.stream()
                    .filter(one -> trial.write(
                                    Operation.INSERT, "users", one.row().columns())
                            .isPresent())
                    .findFirst();
            if (refused.isEmpty()) {
                rows.tables.put("users", trial.tables.get("users"));
                candidates.forEach(this::remember);
                candidates.forEach(one -> ends.put(one.version().sequence(), Optional.empty()));
                return;
            }
            candidates.remove(refused.get());
        }
    }

    /** What is wrong with what was committed; empty when nothing is. */
    public Optional<String> problemWith(SimulatedCentralDatabase.State committed) {
        InMemoryRows now = committed.rows;
        SiteState state = now.sites.get(site);
        if (state == null || state.given().number() != previous.number() + 1) {
            return Optional.of("the acknowledgement behind %s is written down as %s".formatted(previous, state));
        }
        var expected = new SiteState(site, epoch, state.given(), told, last);
        if (!expected.equals(state)) {
            return Optional.of("%s is written down, instead of %s".formatted(state, expected));
        }
        var kept = new HashSet<>(given);
        kept.add(state.given());
        if (!kept.equals(now.given.get(site))) {
            return Optional.of("%s are kept, instead of %s".formatted(now.given.get(site), kept));
        }
        return differs("users", now.tables.get("users"), rows.tables.get("users"))
                .or(() -> differs("orders", now.tables.get("orders"), rows.tables.get("orders")))
                .or(() -> differs("versions", now.versions, rows.versions))
                .or(() -> now.quarantine.keySet().equals(quarantined)
                        ? Optional.empty()
                        : Optional.of("%s are quarantined, instead of %s".formatted(now.quarantine, quarantined)));
    }

    private static Optional<String> differs(String what, Map<?, ?> are, Map<?, ?> shouldBe) {
        return Stream.of(are, shouldBe)
                .flatMap(map -> map.keySet().stream())
                .filter(key -> !Objects.equals(are.get(key), shouldBe.get(key)))
                .findFirst()
                .map(key -> "%s: %s is %s, instead of %s".formatted(what, key, are.get(key), shouldBe.get(key)));
    }

    /** What is wrong with the acknowledgement of what was committed; empty when nothing is. */
    public Optional<String> problemWith(Acknowledgement acknowledgement, SimulatedCentralDatabase.State committed) {
        Set<Long> received = acknowledgement.applied().stream()
                .flatMapToLong(range -> LongStream.rangeClosed(range.first(), range.last()))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        Map<Long, Reason> refused =
                acknowledgement.refused().stream().collect(Collectors.toMap(Refusal::sequence, Refusal::reason));
        var shouldBeReceived = new TreeSet<Long>();
        var shouldBeRefused = new TreeMap<Long, Reason>();
        ends.forEach((sequence, refusal) -> refusal.ifPresentOrElse(
                reason -> shouldBeRefused.put(sequence, reason), () -> shouldBeReceived.add(sequence)));
        if (!received.equals(shouldBeReceived) || !refused.equals(shouldBeRefused)) {
            return Optional.of("%s and refused %s are acknowledged, instead of %s and refused %s"
                    .formatted(received, new TreeMap<>(refused), shouldBeReceived, shouldBeRefused));
        }
        var expected = new Acknowledgement(
                site,
                epoch,
                committed.rows.sites.get(site).given(),
                previous.mark(),
                SequenceRange.runsOf(shouldBeReceived),
                acknowledgement.refused(),
                fromOffset,
                acknowledgement.committedAt(),
                answer);
        return expected.equals(acknowledgement)
                ? Optional.empty()
                : Optional.of("%s is told, instead of %s".formatted(acknowledgement, expected));
    }
}
