package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.FailedChanges;
import dev.outboxsync.queue.JdbcLeaderLease;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.SyncStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The same on MySQL, by a user who holds the relay's role alone; and what only MySQL can get wrong. */
class JdbcSiteTest extends SyncQueueContract {
    private final SiteMySql mySql = new SiteMySql(InMemorySite.NAME);
    private long lastId;

    @AfterEach
    void close() {
        mySql.close();
    }

    @Override
    SiteDatabase site(String relay, Duration lease) {
        JdbcClient jdbc = JdbcClient.create(mySql.asRelay);
        return new SiteDatabase(
                mySql.queue(PATIENCE), new JdbcSiteState(jdbc), new JdbcLeaderLease(jdbc, relay, lease));
    }

    @Override
    long reserve() {
        return ++lastId;
    }

    @Override
    void commit(long id, String payload) {
        mySql.sql.update("""
                INSERT INTO sync_queue (id, table_name, record_id, operation, last_updated_at, payload)
                VALUES (?, 'users', ?, 'INSERT', '2026-11-23 06:00:00', ?)
                """, id, String.valueOf(id), payload);
    }

    @Override
    Row row(long id) {
        return mySql.sql.queryForObject(
                "SELECT sync_status, retry_count, last_error, epoch FROM sync_queue WHERE id = ?",
                (row, number) -> new Row(
                        SyncStatus.valueOf(row.getString(1)),
                        row.getInt(2),
                        row.getString(3),
                        row.getObject(4, Integer.class)),
                id);
    }

    @Override
    Sums sums() {
        Sums sums = mySql.sql.queryForObject(
                "SELECT synced, failed, acknowledgement_number FROM sync_site",
                (row, number) -> new Sums(row.getLong(1), row.getLong(2), row.getLong(3)));
        assertThat(List.of(sums.synced(), sums.failed()))
                .as("the sums are what counting would give")
                .containsExactly(mySql.count("SYNCED"), mySql.count("FAILED"));
        return sums;
    }

    @Override
    List<SequenceRange> receipts() {
        return mySql.sql.query(
                "SELECT first_sequence, last_sequence FROM sync_receipt ORDER BY id",
                (row, number) -> new SequenceRange(row.getLong(1), row.getLong(2)));
    }

    @Override
    void refusedLongAgo(long id) {
        mySql.sql.update("UPDATE sync_queue SET refused_since = UTC_TIMESTAMP(6) - INTERVAL 2 DAY WHERE id = ?", id);
    }

    @Test
    void a_lease_ends_by_itself() {
        var crashed = site("crashed", Duration.ofMillis(200)).lease();
        var next = site("next", Duration.ofSeconds(30)).lease();
        assertThat(crashed.acquire()).isTrue();

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(next::acquire);

        assertThat(crashed.acquire()).isFalse();
    }

    @Test
    void what_is_settled_costs_the_reader_nothing() throws SQLException {
        mySql.writeUsers(2_000);
        mySql.sql.update("UPDATE sync_queue SET sync_status = 'SYNCED' WHERE id BETWEEN 2 AND 1999");
        mySql.sql.execute("ANALYZE TABLE sync_queue");
        try (Connection connection = mySql.asRelay.getConnection()) {
            var session = new SingleConnectionDataSource(connection, true);
            var queue = SiteMySql.queue(session, PATIENCE);
            long before = rowsRead(session);

            assertThat(queue.newestPending()).isEqualTo(2_000);
            assertThat(queue.pending(2_000, 10)).containsExactly(1L, 2_000L);
            assertThat(queue.read(List.of(1L, 2_000L), new PageLimit(1_000_000, 1_000)))
                    .hasSize(2);
            assertThat(queue.settle(Settlements.of(1, List.of(1L, 2_000L))).synced())
                    .isEqualTo(2);

            assertThat(rowsRead(session) - before).isLessThan(50);
        }
    }

    private static long rowsRead(DataSource session) {
        return new JdbcTemplate(session)
                .query("SHOW SESSION STATUS LIKE 'Handler_read%'", (row, number) -> row.getLong(2)).stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    @Test
    void settling_while_others_write_and_retry_neither_fails_nor_miscounts() throws Exception {
        mySql.writeUsers(2_000);
        var queue = mySql.queue(PATIENCE);
        var transactions = new Transactions(new DataSourceTransactionManager(mySql.asRelay));
        var failedChanges = new FailedChanges(JdbcClient.create(mySql.sql.getDataSource()), transactions);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<Long> settler = () -> {
                long settled = 0;
                for (long first = 1; first < 2_000; first += 50) {
                    List<Long> applied = queue.pending(first + 48, 49);
                    var refused = new Refusal(first + 49, Reason.TOO_LONG, null);
                    settled += queue.settle(Settlements.of(first, applied, refused))
                            .synced();
                }
                return settled;
            };
            Callable<Long> writer = () -> {
                for (int i = 0; i < 40; i++) {
                    mySql.writeUsers(20);
                }
                return 800L;
            };
            Callable<Long> operator = () -> {
                long retried = 0;
                for (int i = 0; i < 40; i++) {
                    retried += failedChanges.retryAll();
                }
                return retried;
            };

            List<Future<Long>> outcomes = threads.invokeAll(List.of(settler, writer, operator));
            long settled = outcomes.get(0).get();
            outcomes.get(2).get();

            assertThat(sums().synced()).isEqualTo(settled);
            assertThat(outcomes.get(1).get()).isEqualTo(800L);
            assertThat(mySql.count("PENDING") + mySql.count("SYNCED") + mySql.count("FAILED"))
                    .isEqualTo(2_800);
        } finally {
            threads.shutdownNow();
        }
    }
}
