package dev.outboxsync.queue;

import dev.outboxsync.event.Operation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code sync_queue} for people: totals, lists, the latest entry of a record. Reads only, without locks. */
public final class QueueReport {
    // SYNCED and FAILED are counted by whoever changes statuses; PENDING is counted here, by index by_status, and those
    // of the FAILED that were overtaken, by by_status and by_record: nothing where nothing is FAILED.
    static final String READ_TOTALS = """
            SELECT site, synced, failed, last_synced_at, resync_due,
                   (SELECT COUNT(*) FROM sync_queue q FORCE INDEX (by_status)
                    WHERE q.sync_status = 'FAILED' AND %s) AS overtaken,
                   (SELECT COUNT(*) FROM sync_queue WHERE sync_status = 'PENDING') AS pending,
                   (SELECT last_updated_at FROM sync_queue WHERE sync_status = 'PENDING'
                    ORDER BY id LIMIT 1) AS oldest_pending_at
            FROM sync_site
            WHERE id = 1
            """.formatted(Overtaken.CONDITION);
    private static final String COLUMNS =
            "SELECT id, table_name, record_id, operation, last_updated_at, sync_status, retry_count, last_error, "
                    + Overtaken.BY + " AS overtaken_by FROM sync_queue q ";
    // Primary key, backwards.
    static final String LIST = COLUMNS + "WHERE id < :before ORDER BY id DESC LIMIT :limit";
    // Index by_status, backwards.
    static final String LIST_BY_STATUS =
            COLUMNS + "WHERE sync_status = :status AND id < :before ORDER BY id DESC LIMIT :limit";
    // Index by_status, backwards; then by_record for each.
    static final String LIST_FAILED = COLUMNS + "WHERE sync_status = 'FAILED' AND id < :before AND NOT "
            + Overtaken.CONDITION + " ORDER BY id DESC LIMIT :limit";
    private static final String READ_ENTRY = COLUMNS + "WHERE id = :id";
    // Primary key.
    private static final String READ_STATUSES = "SELECT id, sync_status FROM sync_queue WHERE id IN (:ids)";
    // Index by_record: one group a record; then the primary key. As a condition IN (...) it would read the whole queue.
    static final String READ_LATEST = COLUMNS + """
            JOIN (
                SELECT MAX(id) AS id FROM sync_queue
                WHERE table_name = :table AND record_id IN (:records)
                GROUP BY record_id) AS latest USING (id)
            """;

    private final JdbcClient jdbc;

    public QueueReport(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Totals and times in one statement, and so of one moment. */
    public QueueTotals totals() {
        return jdbc.sql(READ_TOTALS)
                .query((row, number) -> new QueueTotals(
                        row.getString("site"),
                        row.getLong("pending"),
                        row.getLong("synced"),
                        row.getLong("failed") - row.getLong("overtaken"),
                        row.getLong("overtaken"),
                        moment(row, "oldest_pending_at"),
                        moment(row, "last_synced_at"),
                        due(row.getString("resync_due"))))
                .single();
    }

    /**
     * Entries from the newest on.
     *
     * @param status only those of this status, of FAILED without those that were overtaken; null for all
     * @param before only those with a smaller id
     */
    public List<QueueEntry> list(@Nullable SyncStatus status, long before, int limit) {
        return list(status)
                .param("before", before)
                .param("limit", limit)
                .query(QueueReport::entry)
                .list();
    }

    private JdbcClient.StatementSpec list(@Nullable SyncStatus status) {
        if (status == null) {
            return jdbc.sql(LIST);
        }
        return status == SyncStatus.FAILED
                ? jdbc.sql(LIST_FAILED)
                : jdbc.sql(LIST_BY_STATUS).param("status", status.name());
    }

    /** One entry by its id. */
    public Optional<QueueEntry> find(long id) {
        return jdbc.sql(READ_ENTRY).param("id", id).query(QueueReport::entry).optional();
    }

    /** The statuses of those of these entries that exist. */
    public Map<Long, SyncStatus> statuses(Collection<Long> ids) {
        return jdbc
                .sql(READ_STATUSES)
                .param("ids", ids)
                .query((row, number) -> Map.entry(row.getLong(1), SyncStatus.valueOf(row.getString(2))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The latest entry of each of these records of a table, by record id; none for a record never captured. */
    public Map<String, QueueEntry> latest(String table, Collection<String> recordIds) {
        if (recordIds.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql(READ_LATEST)
                .param("table", table)
                .param("records", recordIds)
                .query(QueueReport::entry)
                .list()
                .stream()
                .collect(Collectors.toMap(QueueEntry::recordId, Function.identity()));
    }

    private static QueueEntry entry(ResultSet row, int number) throws SQLException {
        return new QueueEntry(
                row.getLong("id"),
                row.getString("table_name"),
                row.getString("record_id"),
                Operation.valueOf(row.getString("operation")),
                row.getObject("last_updated_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                SyncStatus.valueOf(row.getString("sync_status")),
                row.getInt("retry_count"),
                row.getString("last_error"),
                row.getObject("overtaken_by", Long.class));
    }

    private static @Nullable ResyncDue due(@Nullable String name) {
        return name == null ? null : ResyncDue.valueOf(name);
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}
