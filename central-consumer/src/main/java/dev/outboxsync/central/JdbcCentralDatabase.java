package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.TableShape;
import dev.outboxsync.mysql.Transactions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The central database in MySQL. What a transaction writes goes through the connection of the calling thread. */
final class JdbcCentralDatabase implements CentralDatabase, CentralTransaction {
    private final Transactions transactions;
    private final CentralSites sites;
    private final AppliedVersions versions;
    private final CentralTables tables;
    private final CentralRows rows;
    private final CentralSweeps sweeps;
    private final Quarantine quarantine;

    /** @param accepted names of the tables that sites may write */
    JdbcCentralDatabase(JdbcTemplate template, Transactions transactions, Set<String> accepted, Clock clock) {
        JdbcClient jdbc = JdbcClient.create(template);
        this.transactions = transactions;
        this.sites = new CentralSites(jdbc);
        this.versions = new AppliedVersions(template);
        this.tables = new CentralTables(accepted, jdbc);
        this.rows = new CentralRows(template);
        this.sweeps = new CentralSweeps(template);
        this.quarantine = new Quarantine(template, clock);
    }

    @Override
    public <T> T transaction(Function<CentralTransaction, T> work) {
        return transactions.run(() -> work.apply(this));
    }

    @Override
    public SiteState lock(Site site) {
        return sites.lock(site);
    }

    @Override
    public void save(SiteState site) {
        sites.save(site);
    }

    @Override
    public void keep(Site site, AcknowledgementId given) {
        sites.keep(site, given);
    }

    @Override
    public boolean gave(Site site, AcknowledgementId seen) {
        return sites.gave(site, seen);
    }

    @Override
    public void forgetAcknowledgementsBefore(Site site, long number) {
        sites.forgetAcknowledgementsBefore(site, number);
    }

    @Override
    public Map<RecordKey, AppliedVersion> remembered(Set<RecordKey> records) {
        return versions.read(records);
    }

    @Override
    public void remember(Map<RecordKey, AppliedVersion> changed, Set<RecordKey> known) {
        versions.write(changed, known);
    }

    @Override
    public Optional<TableShape> table(String name) {
        return tables.find(name);
    }

    @Override
    public List<ForeignKey> foreignKeys() {
        return tables.foreignKeys();
    }

    @Override
    public void forgetTables() {
        tables.forget();
    }

    @Override
    public void write(Step step) {
        rows.write(step);
    }

    @Override
    public Optional<RowRefusal> writeAlone(RowChange change) {
        return rows.writeAlone(change);
    }

    @Override
    public Optional<RowChange> rewrite(List<RowChange> changes) {
        return rows.rewrite(changes);
    }

    @Override
    public Optional<RowRefusal> sweep(Sweep sweep, TableShape table) {
        return sweeps.sweep(sweep, table);
    }

    @Override
    public List<Poison> quarantine(List<Poison> poison) {
        return quarantine.keep(poison);
    }
}
