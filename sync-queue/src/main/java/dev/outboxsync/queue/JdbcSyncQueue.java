package dev.outboxsync.queue;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.mysql.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/** Table {@code sync_queue} for the relay. Every change of state is one conditional statement. */
public final class JdbcSyncQueue implements SyncQueue {
    // Index by_status, its last PENDING entry.
    private static final String READ_NEWEST = """
            SELECT COALESCE(MAX(id), 0) FROM sync_queue
            WHERE sync_status = 'PENDING'
            """;
    // Index by_status, read from its oldest PENDING entry on; covering, takes no locks, and jumps over what it is told
    // to.
    static final String READ_PENDING = """
            SELECT id FROM sync_queue FORCE INDEX (by_status)
            WHERE sync_status = 'PENDING' AND id <= :newest%s
            ORDER BY id
            LIMIT :limit
            """;
    static final String PASS_OVER = " AND id NOT BETWEEN :first%1$d AND :last%1$d";
    // Index by_status, takes no locks. By primary key, one old refused row would have every row behind it read.
    // A DELETE needs no more than its key, which is no longer than a record_id.
    static final String READ_PAGE = """
            SELECT id, table_name, record_id, operation, last_updated_at, traceparent, LENGTH(payload) AS bytes,
                   IF(LENGTH(payload) <= :longest, payload, IF(operation <> 'DELETE', NULL, (
                       SELECT JSON_OBJECTAGG(part.name, IF(CHAR_LENGTH(JSON_UNQUOTE(part.value)) > 255, NULL, part.value))
                       FROM (SELECT name, JSON_EXTRACT(payload, CONCAT('$.', JSON_QUOTE(name))) AS value
                             FROM JSON_TABLE(JSON_KEYS(payload), '$[*]' COLUMNS (name VARCHAR(64) PATH '$')) AS names) AS part
                   ))) AS payload
            FROM sync_queue FORCE INDEX (by_status)
            WHERE id BETWEEN :first AND :last AND sync_status = 'PENDING'
            ORDER BY id
            """;
    // Index by_status; takes no locks: the conditional statement behind it has the last word.
    static final String READ_STILL_PENDING = """
            SELECT id FROM sync_queue FORCE INDEX (by_status)
            WHERE sync_status = 'PENDING' AND id BETWEEN :first AND :last
            ORDER BY id
            """;
    // By primary key, forced: right after a bulk load the statistics would have it read the whole table.
    static final String SETTLE = """
            UPDATE sync_queue FORCE INDEX (PRIMARY)
            SET sync_status = 'SYNCED', epoch = :epoch, last_error = NULL, refused_since = NULL
            WHERE id BETWEEN :first AND :last AND sync_status = 'PENDING'
            """;
    private static final String KEEP_RECEIPT = """
            INSERT INTO sync_receipt (epoch, first_sequence, last_sequence, committed_at, acknowledgement_number,
                                      topic, from_offset, acknowledgement_offset)
            VALUES (:epoch, :first, :last, :committed, :number, :topic, :from, :offset)
            """;
    // A resync queues rows by key, not in the order of their changes: what collides with one behind it gets a second
    // turn. What collides while a sweep is on its way may be cured by it.
    private static final String FAIL = """
            UPDATE sync_queue
            SET sync_status = 'FAILED', epoch = :epoch, retry_count = retry_count + 1, last_error = :error
            WHERE id = :id AND sync_status = 'PENDING'
              AND (:final
                   OR refused_since <= UTC_TIMESTAMP(6) - INTERVAL :patience MICROSECOND
                   OR (:collision
                       AND NOT EXISTS (
                          SELECT 1 FROM (SELECT id FROM sync_queue
                                         WHERE sync_status = 'PENDING' AND id < :id LIMIT 1) AS earlier)
                       AND NOT EXISTS (SELECT 1 FROM sync_site WHERE resync_due = 'ROWS_AND_SWEEP')
                       AND NOT EXISTS (SELECT 1 FROM sync_resync WHERE delete_missing AND state <> 'DONE')
                       AND NOT EXISTS (
                          SELECT 1 FROM (SELECT s.id FROM sync_resync r JOIN sync_queue s ON s.id = r.sweep_sequence
                                         WHERE s.sync_status = 'PENDING' LIMIT 1) AS sweeps)
                       AND NOT (refused_since IS NULL AND EXISTS (
                          SELECT 1 FROM sync_resync WHERE :id > since AND (last_sequence IS NULL OR :id <= last_sequence)))))
            """;
    private static final String KEEP_PENDING = """
            UPDATE sync_queue
            SET retry_count = retry_count + 1, last_error = :error,
                refused_since = COALESCE(refused_since, UTC_TIMESTAMP(6))
            WHERE id = :id AND sync_status = 'PENDING'
            """;
    private static final String COUNT_ATTEMPT = """
            UPDATE sync_queue FORCE INDEX (PRIMARY)
            SET retry_count = retry_count + 1, last_error = :error
            WHERE id BETWEEN :first AND :last AND sync_status = 'PENDING'
            """;

    private final NamedParameterJdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate streaming;
    private final QueueHistory history;
    private final SettledTotals totals;
    private final Epochs epochs;
    private final Transactions transactions;
    private final LeaderLease lease;
    private final Duration patience;

    /**
     * @param lease of the relay whose queue this is, in the same database
     * @param patience how long a change is sent again that the centre may yet catch up with; then it is FAILED
     */
    public JdbcSyncQueue(JdbcTemplate jdbc, Transactions transactions, LeaderLease lease, Duration patience) {
        this.jdbc = new NamedParameterJdbcTemplate(jdbc);
        var rowByRow = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
        rowByRow.setFetchSize(Integer.MIN_VALUE); // Connector/J: do not hold the result in memory
        this.streaming = new NamedParameterJdbcTemplate(rowByRow);
        this.history = new QueueHistory(this.jdbc);
        this.totals = new SettledTotals(this.jdbc);
        this.epochs = new Epochs(this.jdbc, totals);
        this.transactions = transactions;
        this.lease = lease;
        this.patience = patience;
    }

    @Override
    public long newestPending() {
        return Objects.requireNonNull(jdbc.queryForObject(READ_NEWEST, Map.of(), Long.class));
    }

    @Override
    public List<Long> pending(long newest, List<SequenceRange> passedOver, int limit) {
        var parameters = new MapSqlParameterSource("newest", newest).addValue("limit", limit);
        var conditions = new StringBuilder();
        for (int i = 0; i < passedOver.size(); i++) {
            conditions.append(PASS_OVER.formatted(i));
            parameters.addValue("first" + i, passedOver.get(i).first());
            parameters.addValue("last" + i, passedOver.get(i).last());
        }
        return jdbc.queryForList(READ_PENDING.formatted(conditions), parameters, Long.class);
    }

    @Override
    public List<QueuedChange> read(List<Long> ids, PageLimit limit) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var wanted = new HashSet<>(ids);
        var parameters = range(ids.get(0), ids.get(ids.size() - 1)).addValue("longest", limit.longestPayload());
        return streaming.query(READ_PAGE, parameters, (ResultSet row) -> {
            var page = new ArrayList<QueuedChange>(wanted.size());
            for (long bytes = 0; bytes < limit.bytes() && row.next(); ) {
                if (wanted.contains(row.getLong("id"))) {
                    QueuedChange change = change(row);
                    page.add(change);
                    bytes += change.payload() == null ? 0 : row.getLong("bytes");
                }
            }
            return page;
        });
    }

    @Override
    public boolean holds(LastReceived change) {
        return history.holds(change);
    }

    @Override
    public boolean beginEpoch(int expected, int next, AcknowledgementId seen, ResyncDue due) {
        return asLeader(() -> epochs.begin(expected, next, seen, due));
    }

    @Override
    public void attemptFailed(Collection<Long> ids, String error) {
        var runs = SequenceRange.runsOf(new TreeSet<>(ids)).stream()
                .map(run -> range(run.first(), run.last()).addValue("error", error))
                .toArray(SqlParameterSource[]::new);
        if (runs.length > 0) {
            asLeader(() -> jdbc.batchUpdate(COUNT_ATTEMPT, runs));
        }
    }

    @Override
    public void refuse(int epoch, Refusal refusal) {
        asLeader(() -> {
            boolean failed = fail(epoch, refusal);
            totals.addFailed(failed ? 1 : 0);
            return failed;
        });
    }

    @Override
    public Settled settle(Settlement settlement) {
        return asLeader(() -> {
            Acknowledgement acknowledgement = settlement.acknowledgement();
            List<SequenceRange> runs = SequenceRange.runsOf(stillPending(settlement.applied()));
            long synced = settle(runs, acknowledgement.epoch());
            keepReceipts(runs, settlement);
            long failed = settlement.refused().stream()
                    .filter(refusal -> fail(acknowledgement.epoch(), refusal))
                    .count();
            totals.addSettled(synced, failed, acknowledgement.epoch(), acknowledgement.id());
            return new Settled(synced, failed, settlement.refused().size() - failed);
        });
    }

    /** One transaction with the look at the lease: a restore that begins later waits for its end to replace that table. */
    private <T> T asLeader(Supplier<T> work) {
        return transactions.run(() -> {
            if (!lease.stands()) {
                throw new ConcurrencyFailureException("this relay leads no more, or DB_A is not the one that it knew");
            }
            return work.get();
        });
    }

    private List<Long> stillPending(List<Long> applied) {
        if (applied.isEmpty()) {
            return List.of();
        }
        var wanted = new HashSet<>(applied);
        var range = range(applied.get(0), applied.get(applied.size() - 1));
        return jdbc.queryForList(READ_STILL_PENDING, range, Long.class).stream()
                .filter(wanted::contains)
                .toList();
    }

    private long settle(List<SequenceRange> runs, int epoch) {
        var parameters = runs.stream()
                .map(run -> range(run.first(), run.last()).addValue("epoch", epoch))
                .toArray(SqlParameterSource[]::new);
        long synced = runs.isEmpty()
                ? 0
                : Arrays.stream(jdbc.batchUpdate(SETTLE, parameters)).sum();
        long expected = runs.stream().mapToLong(SequenceRange::size).sum();
        if (synced != expected) {
            throw new ConcurrencyFailureException(
                    "another relay settled " + (expected - synced) + " of " + expected + " rows at the same moment");
        }
        return synced;
    }

    private void keepReceipts(List<SequenceRange> runs, Settlement settlement) {
        Acknowledgement acknowledgement = settlement.acknowledgement();
        var receipts = runs.stream()
                .map(run -> range(run.first(), run.last())
                        .addValue("epoch", acknowledgement.epoch())
                        .addValue("committed", LocalDateTime.ofInstant(acknowledgement.committedAt(), ZoneOffset.UTC))
                        .addValue("number", acknowledgement.id().number())
                        .addValue("topic", acknowledgement.site().changesTopic())
                        .addValue("from", acknowledgement.fromOffset())
                        .addValue("offset", settlement.offset()))
                .toArray(SqlParameterSource[]::new);
        if (receipts.length > 0) {
            jdbc.batchUpdate(KEEP_RECEIPT, receipts);
        }
    }

    /** Makes the row FAILED where its reason asks for it now; else it stays PENDING with the reason. */
    private boolean fail(int epoch, Refusal refusal) {
        Reason.Outlook outlook = refusal.reason().outlook();
        var parameters = new MapSqlParameterSource("id", refusal.sequence())
                .addValue("epoch", epoch)
                .addValue("error", refusal.text())
                .addValue("final", outlook == Reason.Outlook.FINAL)
                .addValue("collision", outlook == Reason.Outlook.COLLISION)
                .addValue("patience", patience.toNanos() / 1000);
        if (jdbc.update(FAIL, parameters) == 1) {
            return true;
        }
        jdbc.update(KEEP_PENDING, parameters);
        return false;
    }

    static MapSqlParameterSource range(long first, long last) {
        return new MapSqlParameterSource("first", first).addValue("last", last);
    }

    private static QueuedChange change(ResultSet row) throws SQLException {
        return new QueuedChange(
                row.getLong("id"),
                row.getString("table_name"),
                row.getString("record_id"),
                Operation.valueOf(row.getString("operation")),
                row.getObject("last_updated_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                row.getString("payload"),
                row.getString("traceparent"));
    }
}
