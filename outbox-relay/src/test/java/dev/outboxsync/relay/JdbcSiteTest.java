package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.FailedChanges;
import dev.outboxsync.queue.JdbcLeaderLease;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.SyncQueue;
import dev.outboxsync.queue.SyncStatus;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The same on MySQL, by a user who holds the relay's role alone; and what only MySQL can get wrong. */
@Tag("server-dependent")
class JdbcSiteTest extends SyncQueueContract {
    private static SiteMySql mySql;
    private long lastId;

    /** Before the contract's own preparations. */
    JdbcSiteTest() {
        mySql.empty(InMemorySite.NAME);
    }

    @BeforeAll
    static void open() {
        mySql = new SiteMySql(InMemorySite.NAME);
    }

    @AfterAll
    static void close() {
        mySql.close();
    }

    @Override
    SiteDatabase site(String relay, Duration lease) {
        JdbcClient jdbc = JdbcClient.create(mySql.asRelay);
        var leaderLease = new JdbcLeaderLease(jdbc, relay, lease);
        return new SiteDatabase(mySql.queue(leaderLease, PATIENCE), new JdbcSiteState(jdbc), leaderLease);
    }

    @Override
    long reserve() {
        return ++lastId;
    }

    @Override
    void commit(long id, Operation operation, String user, String payload) {
        mySql.sql.update("""
                INSERT INTO sync_queue (id, table_name, record_id, operation, last_updated_at, payload)
                VALUES (?, 'users', ?, ?, '2026-11-23 06:00:00', ?)
                """, id, user, operation.name(), payload);
    }

    @Override
    Row row(long id) {
        return mySql.sql.queryForObject(
                "SELECT sync_status, retry_count, last_error, epoch FROM sync_queue WHERE id = ?",
                (row, number) -> new Row(
                        SyncStatus.valueOf(row.getString(1)),
                        row.getInt(2),
                        row.getString(3),
                        row.getInt(4) == 0 ? null : row.getInt(4)),
                id);
    }

    @Override
    ResyncDue due() {
        return ResyncDue.valueOf(mySql.sql.queryForObject("SELECT resync_due FROM sync_site", String.class));
    }

    @Override
    Sums sums() {
        Sums sums = mySql.sql.queryForObject(
                "SELECT synced, failed, acknowledgement_number, acknowledgement_mark FROM sync_site",
                (row, number) -> new Sums(
                        row.getLong(1), row.getLong(2), new AcknowledgementId(row.getLong(3), row.getString(4))));
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
    void setLeaseBack() {
        mySql.sql.update("UPDATE sync_lease SET beat = beat - 1");
    }

    @Override
    void purge(long id) {
        mySql.sql.update("DELETE FROM sync_queue WHERE id = ?", id);
    }

    @Override
    void refusedLongAgo(long id) {
        mySql.sql.update("UPDATE sync_queue SET refused_since = UTC_TIMESTAMP(6) - INTERVAL 2 DAY WHERE id = ?", id);
    }

    @Test
    void what_collides_while_a_sweep_is_on_its_way_may_be_cured_by_it() {
        mySql.writeUsers(2);
        var refused = new Refusal(1, Reason.DUPLICATE_KEY, "users.email");
        mySql.sql.update("""
                INSERT INTO sync_resync (request, table_name, delete_missing, state, since, requested_at)
                VALUES (1, 'users', TRUE, 'WAITING', 0, UTC_TIMESTAMP(6))
                """);
        SyncQueue queue = queue();

        queue.settle(Settlements.of(1, List.of(), refused));
        assertThat(row(1).status()).as("before the sweep").isEqualTo(SyncStatus.PENDING);
        mySql.sql.update("UPDATE sync_resync SET state = 'DONE', last_sequence = 0, sweep_sequence = 2");
        queue.settle(Settlements.of(2, List.of(), refused));
        assertThat(row(1).status()).as("while the sweep is under way").isEqualTo(SyncStatus.PENDING);
        queue.settle(Settlements.of(3, List.of(2L), refused));

        assertThat(row(1).status()).isEqualTo(SyncStatus.FAILED);
    }

    @Test
    void a_lease_that_was_taken_and_not_heard_of_is_gained_with_the_next_attempt() {
        var heard = new AtomicBoolean();
        var breaking = new NamedParameterJdbcTemplate(mySql.asRelay) {
            @Override
            public int update(String sql, SqlParameterSource parameters) {
                int rows = super.update(sql, parameters);
                if (rows == 1 && !heard.getAndSet(true)) {
                    throw new DataAccessResourceFailureException("the connection broke");
                }
                return rows;
            }
        };
        var lease = new JdbcLeaderLease(JdbcClient.create(breaking), "first", Duration.ofSeconds(30));
        assertThatThrownBy(lease::acquire).isInstanceOf(DataAccessResourceFailureException.class);

        assertThat(lease.stands()).isFalse();
        assertThat(lease.acquire()).isEqualTo(LeaseHold.GAINED);
        assertThat(lease.acquire()).isEqualTo(LeaseHold.EXTENDED);
    }

    @Test
    void a_lease_ends_by_itself() {
        var crashed = site("crashed", Duration.ofMillis(200)).lease();
        var next = site("next", Duration.ofSeconds(30)).lease();
        assertThat(crashed.acquire()).isEqualTo(LeaseHold.GAINED);

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> next.acquire() == LeaseHold.GAINED);

        assertThat(crashed.acquire()).isEqualTo(LeaseHold.NONE);
    }

    @Test
    void settling_while_others_write_and_retry_neither_fails_nor_miscounts() throws Exception {
        mySql.writeUsers(2_000);
        SyncQueue queue = queue();
        var transactions = new Transactions(new DataSourceTransactionManager(mySql.asRelay));
        var failedChanges = new FailedChanges(JdbcClient.create(mySql.sql.getDataSource()), transactions);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<Long> settler = () -> {
                long settled = 0;
                for (long first = 1; first < 2_000; first += 50) {
                    List<Long> applied = queue.pending(first + 48, List.of(), 49);
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
            assertThat(outcomes.get(1).get()).isEqualTo(800);
            assertThat(mySql.count("PENDING") + mySql.count("SYNCED") + mySql.count("FAILED"))
                    .isEqualTo(2_800);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_row_that_somebody_else_settles_at_the_same_moment_is_settled_once() throws Exception {
        mySql.writeUsers(1);
        SyncQueue queue = queue();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection other = mySql.sql.getDataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().executeUpdate("UPDATE sync_queue SET sync_status = 'FAILED' WHERE id = 1");
            Future<?> settling = thread.submit(() -> queue.settle(Settlements.of(1, List.of(1L))));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> mySql.sql.queryForObject(
                                    "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
                                    Long.class)
                            > 0);
            other.commit();
            other.setAutoCommit(true);

            assertThatThrownBy(settling::get).hasCauseInstanceOf(ConcurrencyFailureException.class);
        } finally {
            thread.shutdownNow();
        }

        assertThat(row(1).status()).isEqualTo(SyncStatus.FAILED);
        assertThat(receipts()).isEmpty();
    }

    @Test
    void every_session_is_read_committed_at_utc_and_waits_for_no_answer_for_ever() {
        var session = new JdbcTemplate(mySql.asRelay)
                .queryForMap("SELECT @@transaction_isolation AS isolation, @@time_zone AS zone");

        assertThat(session).containsEntry("isolation", "READ-COMMITTED");
        assertThat(session.get("zone")).isIn("+00:00", "UTC");
        assertThat(mySql.asRelay.getDataSourceProperties())
                .containsEntry("connectTimeout", "5000")
                .containsEntry("socketTimeout", "60000")
                .containsEntry("connectionTimeZone", "UTC")
                .containsEntry("forceConnectionTimeZoneToSession", "true");
    }
}
