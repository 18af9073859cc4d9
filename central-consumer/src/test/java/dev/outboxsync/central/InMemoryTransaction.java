package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.TableShape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A transaction over rows of its own. */
final class InMemoryTransaction implements CentralTransaction {
    private final InMemoryRows rows;

    InMemoryTransaction(InMemoryRows rows) {
        this.rows = rows;
    }

    @Override
    public SiteState lock(Site site) {
        return rows.sites.computeIfAbsent(site, SiteState::unknown);
    }

    @Override
    public void save(SiteState site) {
        rows.sites.put(site.site(), site);
    }

    @Override
    public void keep(Site site, AcknowledgementId id) {
        Set<AcknowledgementId> given = rows.given.computeIfAbsent(site, any -> new HashSet<>());
        given.removeIf(left -> left.number() == id.number());
        given.add(id);
    }

    @Override
    public boolean gave(Site site, AcknowledgementId seen) {
        return rows.given.getOrDefault(site, Set.of()).contains(seen);
    }

    @Override
    public void forgetAcknowledgementsBefore(Site site, long number) {
        rows.given.computeIfAbsent(site, any -> new HashSet<>()).removeIf(id -> id.number() < number);
    }

    @Override
    public Map<RecordKey, AppliedVersion> remembered(Set<RecordKey> records) {
        var versions = new HashMap<>(rows.versions);
        versions.keySet().retainAll(records);
        return versions;
    }

    @Override
    public void remember(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known) {
        if (!versions.keySet().stream()
                .allMatch(record -> known.contains(record) == rows.versions.containsKey(record))) {
            throw new UnexpectedStateException("not what was read in this transaction, or presumed", null);
        }
        rows.versions.putAll(versions);
    }

    @Override
    public Optional<TableShape> table(String name) {
        return Optional.ofNullable(InMemoryRows.SHAPES.get(name));
    }

    @Override
    public List<ForeignKey> foreignKeys() {
        return List.of(InMemoryRows.ORDERS_USER);
    }

    @Override
    public void forgetTables() {
        // they never change
    }

    @Override
    public void write(Step step) {
        for (RowImage row : step.rows()) {
            Optional<RowRefusal> refusal =
                    rows.write(step.statement(), step.table().name(), row.columns());
            if (refusal.isPresent()) {
                throw new UnexpectedStateException("refused", null);
            }
        }
    }

    @Override
    public Optional<RowRefusal> writeAlone(RowChange change) {
        String table = change.table().name();
        Map<String, String> row = change.row().columns();
        Operation statement = change.statement();
        if (statement != Operation.DELETE) {
            statement = rows.holds(table, row) ? Operation.UPDATE : Operation.INSERT;
        }
        return rows.write(statement, table, row);
    }

    @Override
    public Optional<RowChange> rewrite(List<RowChange> changes) {
        String table = changes.get(0).table().name();
        var before = new TreeMap<>(rows.tables.get(table));
        changes.forEach(
                change -> rows.tables.get(table).remove(change.row().columns().get("id")));
        for (RowChange change : changes) {
            if (rows.write(Operation.INSERT, table, change.row().columns()).isPresent()) {
                rows.tables.get(table).clear();
                rows.tables.get(table).putAll(before);
                return Optional.of(change);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<RowRefusal> sweep(Sweep sweep, TableShape table) {
        Map<RecordKey, AppliedVersion> swept = new HashMap<>();
        rows.versions.forEach((record, applied) -> {
            if (record.table().equals(sweep.table())
                    && applied.owner().equals(sweep.site())
                    && !applied.deleted()
                    && !sweep.except().contains(record.recordId())
                    && !sweep.since().isCoveredBy(applied.version())) {
                swept.put(record, new AppliedVersion(applied.owner(), sweep.buried(), true));
            }
        });
        var before = new TreeMap<>(rows.tables.get(sweep.table()));
        for (RecordKey record : swept.keySet()) {
            Optional<RowRefusal> refusal =
                    rows.write(Operation.DELETE, record.table(), Map.of("id", record.recordId()));
            if (refusal.isPresent()) {
                rows.tables.get(sweep.table()).clear();
                rows.tables.get(sweep.table()).putAll(before);
                return refusal;
            }
        }
        rows.versions.putAll(swept);
        return Optional.empty();
    }

    @Override
    public List<Poison> quarantine(List<Poison> poison) {
        return poison.stream()
                .filter(one -> rows.quarantine.putIfAbsent(one.record().offset(), one) == null)
                .toList();
    }
}
