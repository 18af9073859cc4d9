package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.TableShape;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * DB_B in memory with open transactions side by side: reads see what was committed when they run, the first write and the
 * lock of a site's row are held until the end, and whoever meets such a lock is turned away as after a lock wait. Rows,
 * keys and refusals are those of {@link InMemoryRows}.
 */
public final class SimulatedCentralDatabase {
    private static final int MOST_LOST = 3;

    private final Map<Site, Open> lanes = new HashMap<>();
    private InMemoryRows committed = new InMemoryRows();
    /** What was committed before that, the newest first. */
    private final Deque<InMemoryRows> earlier = new ArrayDeque<>();

    private Open writer;
    private int commits;
    private int restores;

    /** What watches every commit. */
    public interface Watch {
        void committed(SimulatedCentralDatabase database, State before);
    }

    /** A moment of the database: a backup, too. */
    public static final class State {
        final InMemoryRows rows;

        private State(InMemoryRows rows) {
            this.rows = rows;
        }

        /** The applied version of a record, of a deleted one too; null before the first. */
        public Version version(String record) {
            AppliedVersion applied = rows.versions.get(key(record));
            return applied == null ? null : applied.version();
        }

        /** Whether the record was deleted by its last change. */
        public boolean isBuried(String record) {
            return rows.versions.get(key(record)).deleted();
        }

        /** A record's columns; null where there is none. */
        public Map<String, String> row(String record) {
            RecordKey key = key(record);
            return rows.tables.get(key.table()).get(key.recordId());
        }

        private static RecordKey key(String record) {
            int slash = record.indexOf('/');
            return new RecordKey(record.substring(0, slash), record.substring(slash + 1));
        }

        /** The records that were written since, though it were the same once more. */
        @SuppressWarnings("ReferenceEquality")
        public Set<String> changedSince(State before) {
            var changed = new HashSet<String>();
            rows.versions.forEach((key, applied) -> {
                if (before.rows.versions.get(key) != applied) {
                    changed.add(ChangeEvent.key(key.table(), key.recordId()));
                }
            });
            before.rows.versions.keySet().stream()
                    .filter(key -> !rows.versions.containsKey(key))
                    .forEach(key -> changed.add(ChangeEvent.key(key.table(), key.recordId())));
            changed.addAll(otherRows(before));
            changed.addAll(before.otherRows(this));
            return changed;
        }

        @SuppressWarnings("ReferenceEquality")
        private Set<String> otherRows(State than) {
            var others = new HashSet<String>();
            rows.tables.forEach((table, all) -> all.forEach((id, row) -> {
                if (than.rows.tables.get(table).get(id) != row) {
                    others.add(ChangeEvent.key(table, id));
                }
            }));
            return others;
        }

        /** The epoch of a site that has begun as far as DB_B knows. */
        public int epoch(Site site) {
            return rows.sites.getOrDefault(site, SiteState.unknown(site)).epoch();
        }

        /** The last acknowledgement that a site was given. */
        public AcknowledgementId given(Site site) {
            return rows.sites.getOrDefault(site, SiteState.unknown(site)).given();
        }

        /** The acknowledgement that a site has said to have seen. */
        public long told(Site site) {
            return rows.sites.getOrDefault(site, SiteState.unknown(site)).told();
        }

        /** Each row's columns by record. */
        public Map<String, Map<String, String>> content() {
            var content = new HashMap<String, Map<String, String>>();
            rows.tables.forEach((table, all) -> all.forEach((id, row) -> content.put(ChangeEvent.key(table, id), row)));
            return content;
        }
    }

    public State now() {
        return new State(committed);
    }

    public State backup() {
        return new State(committed.copy());
    }

    /** Loses the last commits, as far as they are known; connections are closed. */
    public void loseLast(int count) {
        InMemoryRows left = committed;
        for (int i = 0; i < count && !earlier.isEmpty(); i++) {
            left = earlier.pop();
        }
        restore(new State(left));
    }

    /** Connections are closed: what was open is rolled back. */
    public void restore(State backup) {
        earlier.clear();
        committed = backup.rows.copy();
        commits++;
        restores++;
        lanes.clear();
        writer = null;
    }

    /**
     * The core of a centre's process upon this database.
     *
     * @param calls makes each call, or lets it go wrong
     */
    public LaneApplying applying(Calls calls, Watch watch, Clock clock, RandomGenerator random) {
        var core = new ApplyingChanges(new Connection(calls, watch), clock, random);
        return core::apply;
    }

    /** How a process calls its ports. */
    public interface Calls {
        <T> T call(Supplier<T> work);

        /** One that may have to wait for a lock. */
        <T> T lock(Supplier<T> work);
    }

    private final class Connection implements CentralDatabase {
        private final Calls calls;
        private final Watch watch;

        Connection(Calls calls, Watch watch) {
            this.calls = calls;
            this.watch = watch;
        }

        @Override
        public <T> T transaction(Function<CentralTransaction, T> work) {
            var open = new Open(calls);
            try {
                T result = work.apply(open);
                calls.call(() -> {
                    open.commit(watch);
                    return true;
                });
                return result;
            } finally {
                open.end();
            }
        }
    }

    private final class Open implements CentralTransaction {
        private final Calls calls;
        private final int life = restores;
        private final List<Consumer<InMemoryRows>> written = new ArrayList<>();
        private InMemoryRows view;
        private int viewed = -1;

        Open(Calls calls) {
            this.calls = calls;
        }

        private InMemoryRows view() {
            if (viewed != commits) {
                view = committed.copy();
                written.forEach(write -> write.accept(view));
                viewed = commits;
            }
            return view;
        }

        private <T> T read(Function<InMemoryTransaction, T> work) {
            return calls.call(() -> {
                demandConnection();
                return work.apply(new InMemoryTransaction(view()));
            });
        }

        private <T> T write(Function<InMemoryTransaction, T> work) {
            return read(transaction -> {
                if (writer != null && writer != this) {
                    throw new CannotAcquireLockException("another transaction writes");
                }
                writer = this;
                T result = work.apply(transaction);
                written.add(rows -> {
                    var unused = work.apply(new InMemoryTransaction(rows));
                });
                return result;
            });
        }

        private void writeOnly(Consumer<InMemoryTransaction> work) {
            write(transaction -> {
                work.accept(transaction);
                return true;
            });
        }

        private void demandConnection() {
            if (life != restores) {
                throw new DataAccessResourceFailureException("the database was restored");
            }
        }

        void commit(Watch watch) {
            demandConnection();
            if (written.isEmpty()) {
                return;
            }
            var before = new State(committed);
            earlier.push(committed);
            if (earlier.size() > MOST_LOST) {
                earlier.removeLast();
            }
            committed = view();
            commits++;
            watch.committed(SimulatedCentralDatabase.this, before);
        }

        void end() {
            lanes.values().removeIf(holder -> holder == this);
            writer = writer == this ? null : writer;
        }

        @Override
        public SiteState lock(Site site) {
            return calls.lock(() -> {
                demandConnection();
                if (lanes.getOrDefault(site, this) != this) {
                    throw new CannotAcquireLockException("another transaction has the lane");
                }
                lanes.put(site, this);
                return new InMemoryTransaction(view()).lock(site);
            });
        }

        @Override
        public void save(SiteState site) {
            writeOnly(transaction -> transaction.save(site));
        }

        @Override
        public void keep(Site site, AcknowledgementId given) {
            writeOnly(transaction -> transaction.keep(site, given));
        }

        @Override
        public boolean gave(Site site, AcknowledgementId seen) {
            return read(transaction -> transaction.gave(site, seen));
        }

        @Override
        public void forgetAcknowledgementsBefore(Site site, long number) {
            writeOnly(transaction -> transaction.forgetAcknowledgementsBefore(site, number));
        }

        @Override
        public Map<RecordKey, AppliedVersion> remembered(Set<RecordKey> records) {
            return read(transaction -> transaction.remembered(records));
        }

        @Override
        public void remember(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known) {
            writeOnly(transaction -> transaction.remember(versions, known));
        }

        @Override
        public Optional<TableShape> table(String name) {
            return new InMemoryTransaction(view()).table(name);
        }

        @Override
        public List<ForeignKey> foreignKeys() {
            return new InMemoryTransaction(view()).foreignKeys();
        }

        @Override
        public void forgetTables() {
            // they never change
        }

        @Override
        public void write(Step step) {
            writeOnly(transaction -> transaction.write(step));
        }

        @Override
        public Optional<RowRefusal> writeAlone(RowChange change) {
            return write(transaction -> transaction.writeAlone(change));
        }

        @Override
        public Optional<RowChange> rewrite(List<RowChange> changes) {
            return write(transaction -> transaction.rewrite(changes));
        }

        @Override
        public Optional<RowRefusal> sweep(Sweep sweep, TableShape table) {
            return write(transaction -> transaction.sweep(sweep, table));
        }

        @Override
        public List<Poison> quarantine(List<Poison> poison) {
            return poison.isEmpty() ? poison : write(transaction -> transaction.quarantine(poison));
        }
    }
}
