package dev.outboxsync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outboxsync.central.AppliedBatch;
import dev.outboxsync.central.CentreSpecification;
import dev.outboxsync.central.DatabaseAwayException;
import dev.outboxsync.central.Lane;
import dev.outboxsync.central.LaneApplying;
import dev.outboxsync.central.LaneLog;
import dev.outboxsync.central.LanePauses;
import dev.outboxsync.central.PolledLanes;
import dev.outboxsync.central.ReceivedRecord;
import dev.outboxsync.central.SimulatedCentralDatabase;
import dev.outboxsync.central.SimulatedCentralDatabase.State;
import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessResourceFailureException;

/** A centre: the real serving of lanes and applying of changes, on DB_B and topics in memory. */
final class CentreProcess extends Actor {
    static final int MOST_RECORDS = 60;

    private final World world;
    private final List<SiteTopics> sites;
    private final List<CentreProcess> group;
    private final LaneApplying applying;
    private final Oracle oracle;
    private final Map<SiteTopics, Long> positions = new HashMap<>();
    private final Map<SiteTopics, Integer> lives = new HashMap<>();
    private final Map<AcknowledgementId, List<Long>> acknowledged = new HashMap<>();
    private int mostRecords = MOST_RECORDS;
    /** Whether no connection to DB_B is to be had. */
    boolean databaseIsAway;

    private Batch inHand;
    private CentreSpecification specification;
    private State committed;

    private record Batch(Site site, List<ReceivedRecord> records) {}

    /** @param group it and those that share the lanes with it */
    CentreProcess(
            World world,
            List<SiteTopics> sites,
            List<CentreProcess> group,
            SimulatedCentralDatabase database,
            Oracle oracle) {
        super("centre " + (group.size() + 1));
        this.world = world;
        this.sites = sites;
        this.group = group;
        this.oracle = oracle;
        LaneApplying core = database.applying(
                new SimulatedCentralDatabase.Calls() {
                    @Override
                    public <T> T call(Supplier<T> work) {
                        return world.call(CentreProcess.this, work);
                    }

                    @Override
                    public <T> T lock(Supplier<T> work) {
                        return world.callThatWaits(CentreProcess.this, work);
                    }
                },
                this::committed,
                world.new MachineClock(),
                world.random);
        this.applying = (site, records) -> {
            if (databaseIsAway) {
                throw new DatabaseAwayException(new DataAccessResourceFailureException("no connection to be had"));
            }
            inHand = new Batch(site, records);
            AppliedBatch batch = core.apply(site, records);
            batch.acknowledgement().ifPresent(given -> {
                demandNone(specification.problemWith(given, committed));
                acknowledged.put(
                        given.id(), records.stream().map(ReceivedRecord::offset).toList());
            });
            return batch;
        };
    }

    /** Whatever way the core went, it had to end where its specification does. */
    private void committed(SimulatedCentralDatabase database, State before) {
        committed = database.now();
        var records = new TreeMap<Long, LaneRecord>();
        inHand.records().forEach(record -> records.put(record.offset(), oracle.records.laneRecord(record.value())));
        specification = CentreSpecification.of(before, inHand.site(), records);
        demandNone(specification.problemWith(committed));
        oracle.committed(database, before);
    }

    private void demandNone(Optional<String> problem) {
        problem.ifPresent(what -> {
            throw new Violation(name + ": " + what);
        });
    }

    /** From now on a poll has no more records of a site than these, where all is well. */
    void takes(int most) {
        mostRecords = most;
    }

    @Override
    void step() {
        var poll = new PolledLanes(applying, new Log(), new Pauses(), Duration.ofHours(1), () -> 0);
        for (SiteTopics site : sites) {
            List<ReceivedRecord> records = site.reader == this && !site.down ? poll(site) : List.of();
            if (!records.isEmpty()) {
                poll.take(new Lane(site.shop.site, 0), records);
            }
        }
        poll.commitAcknowledged();
    }

    private List<ReceivedRecord> poll(SiteTopics site) {
        long position = positions.getOrDefault(site, site.committed == null ? site.changes.first() : site.committed);
        position = site.changes.placeFor(position);
        if (lives.getOrDefault(site, site.changes.life()) != site.changes.life()) {
            site.skipTo(position); // a place of the topic that was deleted, taken for one of the new topic
        }
        var records = new ArrayList<ReceivedRecord>();
        int most = world.isTroubled() && !world.chance(15) ? world.random.nextInt(1, 9) : mostRecords;
        for (; position < site.changes.end() && records.size() < most; position++) {
            records.add(new ReceivedRecord(
                    site.shop.site.changesTopic(), 0, position, new byte[0], site.changes.at(position)));
        }
        positions.put(site, position);
        lives.put(site, site.changes.life());
        return records;
    }

    /** The others take it for dead, and read its lanes; what it has in hand it finishes. */
    @Override
    void heldUp() {
        sites.stream().filter(site -> site.reader == this).forEach(site -> {
            lose(site);
            site.reader = rivals().get(0);
        });
    }

    @Override
    List<CentreProcess> rivals() {
        return group.stream().filter(other -> other != this).toList();
    }

    @Override
    void restart() {
        positions.clear();
    }

    /** Another one reads the site from now on; what this one has in hand it may finish. */
    void lose(SiteTopics site) {
        positions.remove(site);
    }

    private SiteTopics topics(Lane lane) {
        return sites.stream()
                .filter(site -> site.shop.site.equals(lane.site()))
                .findAny()
                .orElseThrow();
    }

    private final class Log implements LaneLog {
        @Override
        public Future<?> publish(Acknowledgement acknowledgement) {
            SiteTopics site = topics(new Lane(acknowledgement.site(), 0));
            return world.call(CentreProcess.this, () -> {
                boolean confirmed = !site.down && !world.somethingGoesWrong();
                List<Long> offsets = acknowledged.remove(acknowledgement.id());
                site.acknowledged.addAll(confirmed ? offsets : List.of());
                if (confirmed || (!site.down && world.chance(50))) {
                    byte[] written = written(acknowledgement);
                    site.acknowledgements.append(written);
                    world.tell(() ->
                            "%s acknowledges to %s: %s".formatted(name, site.shop.site, new String(written, UTF_8)));
                }
                return confirmed
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(new IllegalStateException("not confirmed"));
            });
        }

        private byte[] written(Acknowledgement acknowledgement) {
            byte[] written = AcknowledgementJson.write(acknowledgement);
            if (!oracle.records.acknowledgement(written).equals(acknowledgement)) {
                throw new Violation("in JSON it is another acknowledgement: " + acknowledgement);
            }
            return written;
        }

        @Override
        public void goBack(Lane lane, long offset) {
            if (topics(lane).reader == CentreProcess.this) {
                positions.put(topics(lane), offset);
            }
        }

        @Override
        public void commit(Map<Lane, Long> next) {
            next.forEach((lane, offset) -> {
                try {
                    world.call(CentreProcess.this, () -> commit(topics(lane), offset));
                } catch (DataAccessResourceFailureException unknown) {
                    // as the adapter does: it comes again
                }
            });
        }

        private boolean commit(SiteTopics site, long offset) {
            boolean noted = site.reader == CentreProcess.this && !site.down && !world.somethingGoesWrong();
            if (noted && lives.getOrDefault(site, -1) == site.changes.life()) {
                oracle.offsetCommitted(site, offset);
            } else if (noted) {
                site.skipTo(offset);
            }
            if (noted) {
                site.committed = offset;
            }
            return noted;
        }
    }

    private static final class Pauses implements LanePauses {
        @Override
        public Duration failed(Lane lane) {
            return Duration.ZERO;
        }

        @Override
        public void postponed(Lane lane) {
            // polled again at the next step
        }

        @Override
        public void succeeded(Lane lane) {
            // polled at the next step as well
        }
    }
}
