package dev.outboxsync.central;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table sync_version: the last applied version of every record, deleted ones too. */
final class AppliedVersions {
    // by primary key; reads without a lock, for the lane is locked by its site's row
    private static final String READ = """
            SELECT table_name, record_id, site, epoch, sequence, deleted
            FROM sync_version
            WHERE table_name = :table AND record_id IN (:records)
            """;
    private static final String INSERT = """
            INSERT INTO sync_version (site, epoch, sequence, deleted, table_name, record_id)
            VALUES (?, ?, ?, ?, ?, ?)
            """;
    // the site stays: a record belongs to who first delivered it
    private static final String UPDATE = """
            UPDATE sync_version
            SET epoch = ?, sequence = ?, deleted = ?
            WHERE table_name = ? AND record_id = ?
            """;
    private static final int MOST_AT_ONCE = 1_000;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    AppliedVersions(JdbcTemplate template) {
        this.template = template;
        this.jdbc = JdbcClient.create(template);
    }

    Map<RecordKey, AppliedVersion> read(Set<RecordKey> records) {
        Map<RecordKey, AppliedVersion> versions = new HashMap<>();
        records.stream()
                .collect(groupingBy(RecordKey::table, mapping(RecordKey::recordId, toList())))
                .forEach((table, ids) -> {
                    for (int from = 0; from < ids.size(); from += MOST_AT_ONCE) {
                        read(table, ids.subList(from, Math.min(from + MOST_AT_ONCE, ids.size())), versions);
                    }
                });
        // a table's name is compared by its collation there, but byte by byte here
        versions.keySet().retainAll(records);
        return versions;
    }

    private void read(String table, List<String> ids, Map<RecordKey, AppliedVersion> versions) {
        jdbc.sql(READ).param("table", table).param("records", ids).query(row -> {
            versions.put(
                    new RecordKey(row.getString("table_name"), row.getString("record_id")),
                    new AppliedVersion(
                            new Site(row.getString("site")),
                            new Version(row.getInt("epoch"), row.getLong("sequence")),
                            row.getBoolean("deleted")));
        });
    }

    /**
     * Writes new versions.
     *
     * @param known those to update; all others are inserted
     * @throws UnexpectedStateException when one to update is gone, or one to insert is there
     */
    void write(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known) {
        List<Object[]> inserts = new ArrayList<>();
        List<Object[]> updates = new ArrayList<>();
        versions.forEach((record, applied) -> {
            Version version = applied.version();
            if (known.contains(record)) {
                updates.add(new Object[] {
                    version.epoch(), version.sequence(), applied.deleted(), record.table(), record.recordId()
                });
            } else {
                inserts.add(new Object[] {
                    applied.owner().name(),
                    version.epoch(),
                    version.sequence(),
                    applied.deleted(),
                    record.table(),
                    record.recordId()
                });
            }
        });
        insert(inserts);
        update(updates);
    }

    private void insert(List<Object[]> rows) {
        try {
            template.batchUpdate(INSERT, rows);
        } catch (DuplicateKeyException e) {
            throw new UnexpectedStateException("another site delivered a record meanwhile", e);
        }
    }

    private void update(List<Object[]> rows) {
        for (int count : template.batchUpdate(UPDATE, rows)) {
            if (count != 1) {
                throw new UnexpectedStateException("a remembered version is gone", null);
            }
        }
    }
}
