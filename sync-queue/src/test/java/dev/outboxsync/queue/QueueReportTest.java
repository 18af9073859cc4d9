package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.outboxsync.event.Operation;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue for people, and an operator's retry. */
@Tag("server-dependent")
class QueueReportTest {
    private CapturedSite site;
    private QueueReport report;
    private FailedChanges failed;

    @BeforeEach
    void start() {
        site = CapturedSite.fresh();
        report = new QueueReport(site.sql());
        failed = new FailedChanges(site.sql(), site.transactions());
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void totals_of_an_empty_queue_are_zero_without_times() {
        assertThat(report.totals()).isEqualTo(new QueueTotals("site-1", 0, 0, 0, 0, null, null, null));
        assertThat(report.list(null, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(report.latest("users", List.of())).isEmpty();
        assertThat(report.find(1)).isEmpty();
    }

    @Test
    void totals_are_of_the_rows_that_are_there() {
        fill(6);
        set("SYNCED", 1, 2);
        set("FAILED", 3, 3);

        QueueTotals totals = report.totals();

        assertThat(List.of(totals.pending(), totals.synced(), totals.failed())).containsExactly(3L, 2L, 1L);
        assertThat(totals.oldestPendingAt())
                .isEqualTo(report.find(4).orElseThrow().lastUpdatedAt());
    }

    @Test
    void a_list_goes_from_the_newest_entry_back() {
        fill(6);
        set("FAILED", 2, 4);

        assertThat(ids(report.list(null, Long.MAX_VALUE, 3))).containsExactly(6L, 5L, 4L);
        assertThat(ids(report.list(null, 4, 10))).containsExactly(3L, 2L, 1L);
        assertThat(ids(report.list(SyncStatus.FAILED, 4, 10))).containsExactly(3L, 2L);
        assertThat(ids(report.list(SyncStatus.SYNCED, Long.MAX_VALUE, 10))).isEmpty();
    }

    @Test
    void the_latest_entry_of_a_record_is_the_one_shown_with_it() {
        fill(3);
        site.run("UPDATE users SET name = 'x' WHERE id = 2", "DELETE FROM users WHERE id = 3");

        Map<String, QueueEntry> latest = report.latest("users", List.of("1", "2", "3", "99"));

        assertThat(latest.keySet()).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(latest.get("1").operation()).isEqualTo(Operation.INSERT);
        assertThat(latest.get("2").operation()).isEqualTo(Operation.UPDATE);
        assertThat(latest.get("3").operation()).isEqualTo(Operation.DELETE);
        assertThat(report.latest("orders", List.of("1"))).isEmpty();
    }

    @Test
    void statuses_are_told_of_entries_that_exist() {
        fill(2);
        set("SYNCED", 2, 2);

        assertThat(report.statuses(List.of(1L, 2L, 99L)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(1L, SyncStatus.PENDING, 2L, SyncStatus.SYNCED));
    }

    @Test
    void a_failed_change_is_no_problem_once_a_later_change_of_its_record_is_synced() {
        fill(3);
        site.run(
                "UPDATE users SET name = 'x' WHERE id IN (1, 2)",
                "INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, payload)"
                        + " VALUES ('users', '*', 'SWEEP', NOW(6), '{}'), ('users', '*', 'SWEEP', NOW(6), '{}')");
        set("FAILED", 1, 3);
        set("FAILED", 6, 6);
        assertThat(report.totals().failed()).isEqualTo(4);
        set("SYNCED", 4, 4);
        set("SYNCED", 7, 7);

        assertThat(List.of(report.totals().failed(), report.totals().overtaken()))
                .containsExactly(3L, 1L);
        assertThat(ids(report.list(SyncStatus.FAILED, Long.MAX_VALUE, 10))).containsExactly(6L, 3L, 2L);
        assertThat(report.list(null, 4, 10))
                .extracting(QueueEntry::syncStatus, QueueEntry::overtakenBy)
                .containsExactly(
                        tuple(SyncStatus.FAILED, null), tuple(SyncStatus.FAILED, null), tuple(SyncStatus.FAILED, 4L));
        assertThat(failed.retry(List.of(1L))).as("overtaken").isZero();
        assertThat(failed.retryAll()).isEqualTo(3);
        assertThat(List.of(report.totals().failed(), report.totals().overtaken()))
                .containsExactly(0L, 1L);
    }

    @Test
    void a_retry_of_all_takes_every_failed_row_and_no_other() {
        fill(2_500);
        set("FAILED", 1, 2_300);
        set("SYNCED", 2_301, 2_400);

        assertThat(failed.retryAll()).isEqualTo(2_300);

        QueueTotals totals = report.totals();
        assertThat(List.of(totals.pending(), totals.synced(), totals.failed())).containsExactly(2_400L, 100L, 0L);
        assertThat(failed.retryAll()).isZero();
    }

    @Test
    void a_retry_keeps_what_was_tried_and_begins_the_patience_anew() {
        fill(3);
        set("FAILED", 1, 1);
        set("SYNCED", 2, 2);
        site.run("UPDATE sync_queue SET retry_count = 7, last_error = 'DUPLICATE_KEY users.email',"
                + " refused_since = UTC_TIMESTAMP(6)");

        assertThat(failed.retry(List.of(1L, 2L, 3L, 99L))).isEqualTo(1);

        assertThat(site.lines("SELECT CONCAT_WS(' ', id, sync_status, retry_count, last_error, refused_since IS NULL)"
                        + " FROM sync_queue ORDER BY id"))
                .containsExactly(
                        "1 PENDING 7 DUPLICATE_KEY users.email 1",
                        "2 SYNCED 7 DUPLICATE_KEY users.email 0",
                        "3 PENDING 7 DUPLICATE_KEY users.email 0");
        assertThat(report.totals().failed()).isZero();
    }

    private void fill(int users) {
        List<String> rows = LongStream.rangeClosed(1, users)
                .mapToObj(id -> "(" + id + ", 'Ann', '" + id + "@example.org')")
                .toList();
        site.run("INSERT INTO users (id, name, email) VALUES " + String.join(", ", rows));
    }

    /** As the relay does: the rows and the totals together. */
    private void set(String status, long first, long last) {
        site.run(
                "UPDATE sync_queue SET sync_status = '" + status + "' WHERE id BETWEEN " + first + " AND " + last,
                "UPDATE sync_site SET " + (status.equals("SYNCED") ? "synced = synced" : "failed = failed") + " + "
                        + (last - first + 1));
    }

    private static List<Long> ids(List<QueueEntry> entries) {
        return entries.stream().map(QueueEntry::id).toList();
    }
}
