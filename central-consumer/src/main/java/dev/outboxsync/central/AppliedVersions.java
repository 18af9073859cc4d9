package dev.outboxsync.central;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
    // By primary key, one lookup a row. The site stays, for a record belongs to who first delivered it, and no version
    // is
    // ever replaced by an older one: what the statement does not find so is missing in its row count.
    static final String UPDATE = """
            UPDATE (VALUES %s) AS latest (site, epoch, sequence, deleted, table_name, record_id)
            STRAIGHT_JOIN sync_version v
                ON v.table_name = latest.table_name COLLATE utf8mb4_0900_bin
                AND v.record_id = latest.record_id COLLATE utf8mb4_0900_bin
            SET v.epoch = latest.epoch, v.sequence = latest.sequence, v.deleted = latest.deleted
            WHERE v.site = latest.site
              AND (v.epoch < latest.epoch OR v.epoch = latest.epoch AND v.sequence < latest.sequence)
            """;
    private static final String UPDATED_ROW = "ROW(?, ?, ?, ?, ?, ?)";
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
     * @throws UnexpectedStateException when one to update is gone or newer, or one to insert is there
     */
    void write(Map<RecordKey, AppliedVersion> versions, Set<RecordKey> known) {
        List<Object[]> inserts = new ArrayList<>();
        List<Object[]> updates = new ArrayList<>();
        versions.forEach((record, applied) -> {
            Version version = applied.version();
            (known.contains(record) ? updates : inserts).add(new Object[] {
                applied.owner().name(),
                version.epoch(),
                version.sequence(),
                applied.deleted(),
                record.table(),
                record.recordId()
            });
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
        for (int from = 0; from < rows.size(); from += MOST_AT_ONCE) {
            List<Object[]> some = rows.subList(from, Math.min(from + MOST_AT_ONCE, rows.size()));
            String statement = UPDATE.formatted(String.join(", ", Collections.nCopies(some.size(), UPDATED_ROW)));
            if (template.update(statement, some.stream().flatMap(Arrays::stream).toArray()) != some.size()) {
                throw new UnexpectedStateException("a remembered version is gone, or a newer one is there", null);
            }
        }
    }
}
