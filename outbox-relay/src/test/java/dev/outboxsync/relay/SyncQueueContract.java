package dev.outboxsync.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.queue.LeaseHold;
import dev.outboxsync.queue.PageLimit;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.Settled;
import dev.outboxsync.queue.Settlement;
import dev.outboxsync.queue.SiteStanding;
import dev.outboxsync.queue.SyncQueue;
import dev.outboxsync.queue.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.ConcurrencyFailureException;
import tools.jackson.databind.json.JsonMapper;

/** What the relay relies on of its site, whichever database it has. */
abstract class SyncQueueContract {
    static final Duration PATIENCE = Duration.ofHours(24);
    private static final JsonMapper JSON = new JsonMapper();
    private static final PageLimit AMPLE = new PageLimit(1_000_000, 1_000);

    /** A row as a person sees it. */
    record Row(SyncStatus status, int retryCount, String lastError, Integer epoch) {
        static final Row FRESH = new Row(SyncStatus.PENDING, 0, null, null);
    }

    /** The site's sums. */
    record Sums(long synced, long failed, AcknowledgementId seen) {}

    abstract SiteDatabase site(String relay, Duration lease);

    abstract long reserve();

    abstract void commit(long id, Operation operation, String user, String payload);

    abstract Row row(long id);

    abstract Sums sums();

    abstract ResyncDue due();

    abstract List<SequenceRange> receipts();

    /** As if the lease's row were of a backup. */
    abstract void setLeaseBack();

    /** As somebody deletes old rows. */
    abstract void purge(long id);

    /** As if the centre had first refused this change longer ago than the patience lasts. */
    abstract void refusedLongAgo(long id);

    private void commit(long id, String payload) {
        commit(id, Operation.INSERT, String.valueOf(id), payload);
    }

    /** Of a relay that leads. */
    final SyncQueue queue() {
        SiteDatabase site = site("relay-1", Duration.ofMinutes(10));
        site.lease().acquire();
        return site.queue();
    }

    private long write() {
        long id = reserve();
        commit(id, "{\"id\": \"" + id + "\"}");
        return id;
    }

    private List<Long> write(int count) {
        var ids = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            ids.add(write());
        }
        return ids;
    }

    private static Settlement settlement(long number, List<Long> applied, Refusal... refused) {
        return Settlements.of(number, applied, refused);
    }

    @Test
    void pending_rows_come_from_the_oldest_on_up_to_a_bound() {
        List<Long> ids = write(5);

        assertThat(queue().newestPending()).isEqualTo(ids.get(4));
        assertThat(queue().pending(ids.get(3), List.of(), 10)).containsExactlyElementsOf(ids.subList(0, 4));
        assertThat(queue().pending(Long.MAX_VALUE, List.of(), 2)).containsExactlyElementsOf(ids.subList(0, 2));
    }

    @Test
    void pending_rows_of_no_interest_are_passed_over_and_those_between_them_are_not() {
        List<Long> ids = write(9);
        var passedOver = List.of(new SequenceRange(ids.get(1), ids.get(2)), new SequenceRange(ids.get(4), ids.get(7)));

        assertThat(queue().pending(Long.MAX_VALUE, passedOver, 10)).containsExactly(ids.get(0), ids.get(3), ids.get(8));
        assertThat(queue().pending(Long.MAX_VALUE, passedOver, 2)).containsExactly(ids.get(0), ids.get(3));
    }

    @Test
    void an_empty_queue_has_nothing_pending() {
        assertThat(queue().newestPending()).isZero();
        assertThat(queue().pending(Long.MAX_VALUE, List.of(), 10)).isEmpty();
        assertThat(queue().read(List.of(), AMPLE)).isEmpty();
    }

    @Test
    void a_row_that_commits_late_comes_before_those_with_higher_ids() {
        SyncQueue queue = queue();
        long late = reserve();
        long early = write();
        assertThat(queue.pending(Long.MAX_VALUE, List.of(), 10)).containsExactly(early);

        commit(late, "{\"id\": \"late\"}");

        assertThat(queue.pending(Long.MAX_VALUE, List.of(), 10)).containsExactly(late, early);
    }

    @Test
    void only_the_wanted_rows_that_are_still_pending_are_read() {
        List<Long> ids = write(5);
        queue().settle(settlement(1, List.of(ids.get(1))));

        List<QueuedChange> page = queue().read(List.of(ids.get(0), ids.get(1), ids.get(3)), AMPLE);

        assertThat(page).extracting(QueuedChange::id).containsExactly(ids.get(0), ids.get(3));
        assertThat(page.get(0).table()).isEqualTo("users");
        assertThat(page.get(0).payload()).isEqualTo("{\"id\": \"" + ids.get(0) + "\"}");
        assertThat(page.get(0).capturedAt()).isEqualTo(Instant.parse("2026-11-23T06:00:00Z"));
        assertThat(page.get(0).traceparent()).isNull();
    }

    @Test
    void a_page_ends_when_its_bytes_are_reached_and_holds_at_least_one_row() {
        String payload = "{\"id\": \"ééééé\"}";
        var ids = new ArrayList<Long>();
        for (int i = 0; i < 4; i++) {
            long id = reserve();
            commit(id, payload);
            ids.add(id);
        }

        assertThat(queue().read(ids, new PageLimit(20, 1_000))).hasSize(1);
        assertThat(queue().read(ids, new PageLimit(21, 1_000))).hasSize(2);
        assertThat(queue().read(ids, new PageLimit(1, 1_000))).hasSize(1);
    }

    @Test
    void an_oversized_payload_stays_in_the_database() {
        long large = reserve();
        commit(large, "{\"id\": \"" + "x".repeat(1_000) + "\"}");
        long small = write();

        List<QueuedChange> page = queue().read(List.of(large, small), AMPLE);

        assertThat(page.get(0).payload()).isNull();
        assertThat(page.get(1).payload()).isNotNull();
    }

    @Test
    void a_delete_with_an_oversized_payload_is_read_without_its_long_values() {
        long id = reserve();
        String key = "k".repeat(255);
        commit(
                id,
                Operation.DELETE,
                String.valueOf(id),
                "{\"a ' b\": \"%s\", \"id\": \"%s\", \"none\": null, \"real\": 1.5}".formatted("x".repeat(1_000), key));

        String payload = queue().read(List.of(id), AMPLE).get(0).payload();

        assertThat(JSON.readTree(payload))
                .isEqualTo(JSON.readTree(
                        "{\"a ' b\": null, \"id\": \"%s\", \"none\": null, \"real\": 1.5}".formatted(key)));
    }

    @Test
    void applied_rows_become_synced_with_a_receipt_for_each_run() {
        List<Long> ids = write(9);
        List<Long> applied = List.of(ids.get(0), ids.get(1), ids.get(3), ids.get(5), ids.get(6), ids.get(8));

        Settled settled = queue().settle(settlement(7, applied));

        assertThat(settled).isEqualTo(new Settled(6, 0, 0));
        assertThat(applied).allSatisfy(id -> assertThat(row(id)).isEqualTo(new Row(SyncStatus.SYNCED, 0, null, 1)));
        assertThat(row(ids.get(2))).isEqualTo(Row.FRESH);
        assertThat(receipts()).isEqualTo(SequenceRange.runsOf(applied));
        assertThat(sums()).isEqualTo(new Sums(6, 0, new AcknowledgementId(7, "mark-7")));
    }

    @Test
    void many_runs_are_settled_as_exactly_as_one() {
        var odd = new ArrayList<Long>();
        for (long id : write(400)) {
            if (id % 2 == 1) {
                odd.add(id);
            }
        }

        assertThat(queue().settle(settlement(1, odd)).synced()).isEqualTo(200);

        assertThat(sums().synced()).isEqualTo(200);
        assertThat(receipts()).hasSize(200);
        assertThat(queue().pending(Long.MAX_VALUE, List.of(), 1_000))
                .hasSize(200)
                .doesNotContainAnyElementsOf(odd);
    }

    @Test
    void a_settlement_that_is_repeated_changes_nothing() {
        List<Long> ids = write(2);
        var refusal = new Refusal(ids.get(1), Reason.TOO_LONG, "users.name");
        Settlement settlement = settlement(1, List.of(ids.get(0)), refusal);
        queue().settle(settlement);
        Row failed = row(ids.get(1));

        Settled again = queue().settle(settlement);

        assertThat(again.synced() + again.failed()).isZero();
        assertThat(row(ids.get(1))).isEqualTo(failed);
        assertThat(receipts()).hasSize(1);
        assertThat(sums()).isEqualTo(new Sums(1, 1, new AcknowledgementId(1, "mark-1")));
    }

    @Test
    void synced_is_terminal() {
        List<Long> ids = write(1);
        queue().settle(settlement(2, ids));
        var refusal = new Refusal(ids.get(0), Reason.TOO_LONG, null);

        queue().settle(settlement(1, List.of(), refusal));
        queue().refuse(3, refusal);
        queue().attemptFailed(ids, "NOT_ACKNOWLEDGED");

        assertThat(row(ids.get(0))).isEqualTo(new Row(SyncStatus.SYNCED, 0, null, 1));
        assertThat(sums()).isEqualTo(new Sums(1, 0, new AcknowledgementId(2, "mark-2")));
    }

    @Test
    void a_failed_attempt_counts_once_for_each_pending_row_named() {
        List<Long> ids = write(5);
        queue().settle(settlement(1, List.of(ids.get(3))));

        queue().attemptFailed(List.of(ids.get(3), ids.get(0), ids.get(1)), "NOT_ACKNOWLEDGED");

        var attempted = new Row(SyncStatus.PENDING, 1, "NOT_ACKNOWLEDGED", null);
        assertThat(row(ids.get(0))).isEqualTo(attempted);
        assertThat(row(ids.get(1))).isEqualTo(attempted);
        assertThat(row(ids.get(2))).isEqualTo(Row.FRESH);
        assertThat(row(ids.get(3)).retryCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"TOO_LONG", "OUT_OF_RANGE", "INVALID_VALUE", "OTHER_SITE", "TOO_LARGE"})
    void a_final_refusal_fails_at_once(Reason reason) {
        write();
        long id = write();

        Settled settled = queue().settle(settlement(1, List.of(), new Refusal(id, reason, "users.name")));

        assertThat(settled).isEqualTo(new Settled(0, 1, 0));
        assertThat(row(id)).isEqualTo(new Row(SyncStatus.FAILED, 1, reason + " users.name", 1));
        assertThat(sums().failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"MISSING_PARENT", "UNKNOWN_TABLE", "UNKNOWN_COLUMN", "STALE_EPOCH", "MALFORMED"})
    void what_the_centre_may_catch_up_with_stays_pending_until_patience_ends(Reason reason) {
        long id = write();
        var refusal = new Refusal(id, reason, null);

        assertThat(queue().settle(settlement(1, List.of(), refusal))).isEqualTo(new Settled(0, 0, 1));
        assertThat(row(id)).isEqualTo(new Row(SyncStatus.PENDING, 1, refusal.text(), null));
        refusedLongAgo(id);
        assertThat(queue().settle(settlement(2, List.of(), refusal))).isEqualTo(new Settled(0, 1, 0));

        assertThat(row(id)).isEqualTo(new Row(SyncStatus.FAILED, 2, refusal.text(), 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"DUPLICATE_KEY", "HAS_CHILDREN"})
    void a_collision_fails_only_when_nothing_earlier_is_pending(Reason reason) {
        long earlier = write();
        long id = write();
        write();
        var refusal = new Refusal(id, reason, null);

        queue().settle(settlement(1, List.of(), refusal));
        assertThat(row(id).status()).isEqualTo(SyncStatus.PENDING);
        queue().settle(settlement(2, List.of(earlier), refusal));

        assertThat(row(id).status()).isEqualTo(SyncStatus.FAILED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"DUPLICATE_KEY", "HAS_CHILDREN"})
    void a_collision_does_not_fail_while_a_sweep_is_to_come(Reason reason) {
        long id = write();
        var refusal = new Refusal(id, reason, null);

        queue().beginEpoch(1, 2, AcknowledgementId.NONE, ResyncDue.ROWS_AND_SWEEP);
        queue().refuse(2, refusal);
        assertThat(row(id).status()).isEqualTo(SyncStatus.PENDING);
        queue().beginEpoch(2, 3, AcknowledgementId.NONE, ResyncDue.ROWS);
        queue().refuse(3, refusal);

        assertThat(row(id).status()).isEqualTo(SyncStatus.FAILED);
    }

    @Test
    void a_refused_row_that_is_applied_later_keeps_no_error() {
        long id = write();
        queue().settle(settlement(1, List.of(), new Refusal(id, Reason.MISSING_PARENT, null)));

        queue().settle(settlement(2, List.of(id)));

        assertThat(row(id)).isEqualTo(new Row(SyncStatus.SYNCED, 1, null, 1));
    }

    @Test
    void the_greatest_acknowledgement_is_kept_with_its_mark() {
        queue().settle(settlement(9, write(1)));
        queue().settle(settlement(4, write(1)));

        assertThat(sums().seen()).isEqualTo(new AcknowledgementId(9, "mark-9"));
    }

    @Test
    void a_reason_of_any_length_fits_into_its_column() {
        long id = write();

        queue().settle(settlement(1, List.of(), new Refusal(id, Reason.TOO_LONG, "x".repeat(2_000))));

        assertThat(row(id).lastError()).hasSize("TOO_LONG ".length() + 129).startsWith("TOO_LONG xxx");
    }

    @Test
    void one_relay_has_the_lease_until_it_gives_it_up() {
        var first = site("first", Duration.ofSeconds(30)).lease();
        var second = site("second", Duration.ofSeconds(30)).lease();

        assertThat(first.acquire()).isEqualTo(LeaseHold.GAINED);
        assertThat(first.stands()).isTrue();
        assertThat(first.acquire()).isEqualTo(LeaseHold.EXTENDED);
        assertThat(second.acquire()).isEqualTo(LeaseHold.NONE);
        assertThat(second.stands()).isFalse();
        second.release();
        assertThat(second.acquire())
                .as("what another one holds cannot be given up")
                .isEqualTo(LeaseHold.NONE);
        first.release();
        assertThat(second.acquire()).isEqualTo(LeaseHold.GAINED);
        assertThat(first.acquire()).isEqualTo(LeaseHold.NONE);
        assertThat(first.stands()).isFalse();
    }

    @Test
    void a_lease_that_ended_is_gained_anew_though_nobody_else_took_it() {
        var lease = site("first", Duration.ofMillis(-1)).lease();
        lease.acquire();

        assertThat(lease.stands()).isFalse();
        assertThat(lease.acquire())
                .as("another one may have led, and the database been set back since")
                .isEqualTo(LeaseHold.GAINED);
    }

    @Test
    void a_lease_in_a_database_that_was_set_back_is_gained_anew() {
        var lease = site("first", Duration.ofSeconds(30)).lease();
        lease.acquire();
        lease.acquire();

        setLeaseBack();

        assertThat(lease.stands()).isFalse();
        assertThat(lease.acquire()).isEqualTo(LeaseHold.GAINED);
        assertThat(lease.acquire()).isEqualTo(LeaseHold.EXTENDED);
    }

    @Test
    void in_a_database_that_was_set_back_a_relay_writes_nothing() {
        SyncQueue queue = queue();
        long id = write();
        setLeaseBack();
        List<ThrowingCallable> writes = List.of(
                () -> queue.settle(settlement(1, List.of(id))),
                () -> queue.settle(settlement(1, List.of(), new Refusal(id, Reason.TOO_LONG, null))),
                () -> queue.attemptFailed(List.of(id), "NOT_ACKNOWLEDGED"),
                () -> queue.refuse(1, new Refusal(id, Reason.TOO_LONG, null)),
                () -> queue.beginEpoch(1, 2, new AcknowledgementId(1, "mark-1"), ResyncDue.ROWS));

        assertThat(writes)
                .allSatisfy(write -> assertThatThrownBy(write).isInstanceOf(ConcurrencyFailureException.class));

        assertThat(row(id)).isEqualTo(Row.FRESH);
        assertThat(sums()).isEqualTo(new Sums(0, 0, AcknowledgementId.NONE));
        assertThat(site("relay-1", Duration.ofSeconds(30)).state().epoch()).isOne();
    }

    @Test
    void what_was_acknowledged_in_an_epoch_that_is_over_settles_nothing() {
        List<Long> ids = write(2);
        beginEpochThree();

        assertThatThrownBy(() -> queue().settle(
                                settlement(9, ids.subList(0, 1), new Refusal(ids.get(1), Reason.TOO_LONG, null))))
                .isInstanceOf(ConcurrencyFailureException.class);

        assertThat(ids).allSatisfy(id -> assertThat(row(id)).isEqualTo(Row.FRESH));
        assertThat(receipts()).isEmpty();
        assertThat(sums()).isEqualTo(new Sums(0, 0, AcknowledgementId.NONE));
    }

    @Test
    void an_epoch_begins_once_and_counts_from_the_acknowledgement_that_it_is_given() {
        var state = site("first", Duration.ofSeconds(30)).state();
        var from = new AcknowledgementId(4, "mark-4");

        assertThat(queue().beginEpoch(1, 3, from, ResyncDue.ROWS)).isTrue();
        assertThat(queue().beginEpoch(1, 4, from, ResyncDue.ROWS)).isFalse();

        assertThat(state.standing()).isEqualTo(new SiteStanding(3, from));
        assertThat(state.epoch()).isEqualTo(3);
    }

    @Test
    void what_a_person_has_to_decide_on_is_not_forgotten_when_the_next_epoch_begins() {
        queue().beginEpoch(1, 2, AcknowledgementId.NONE, ResyncDue.ROWS_AND_SWEEP);
        assertThat(due()).isEqualTo(ResyncDue.ROWS_AND_SWEEP);
        queue().beginEpoch(2, 3, AcknowledgementId.NONE, ResyncDue.ROWS);
        assertThat(due()).isEqualTo(ResyncDue.ROWS);

        queue().beginEpoch(3, 4, AcknowledgementId.NONE, ResyncDue.ROWS_AND_SWEEP);

        assertThat(due()).isEqualTo(ResyncDue.ROWS);
    }

    @Test
    void what_a_later_synced_change_of_its_record_has_overtaken_is_given_up_when_an_epoch_begins() {
        long early = reserve();
        long other = reserve();
        long later = reserve();
        commit(early, Operation.UPDATE, "7", "{}");
        commit(other, Operation.UPDATE, "8", "{}");
        commit(later, Operation.UPDATE, "7", "{}");
        queue().settle(settlement(1, List.of(later)));

        assertThat(queue().beginEpoch(2, 3, AcknowledgementId.NONE, ResyncDue.ROWS))
                .isFalse();
        assertThat(row(early)).as("no epoch began").isEqualTo(Row.FRESH);
        beginEpochThree();

        assertThat(row(early)).isEqualTo(new Row(SyncStatus.FAILED, 0, "OVERTAKEN", null));
        assertThat(row(other)).isEqualTo(Row.FRESH);
        assertThat(sums()).isEqualTo(new Sums(1, 1, AcknowledgementId.NONE));
    }

    @Test
    void a_sweep_under_way_is_given_up_when_an_epoch_begins() {
        long sweep = reserve();
        commit(sweep, Operation.SWEEP, "*", "{}");

        beginEpochThree();

        assertThat(row(sweep)).isEqualTo(new Row(SyncStatus.FAILED, 0, "OVERTAKEN", null));
    }

    @Test
    void it_is_known_whether_a_change_was_captured_here() {
        queue();
        assertThat(holds(1, InMemorySite.CAPTURED)).as("in an empty queue").isFalse();
        long uncommitted = reserve();
        long id = write();
        long settled = write();
        queue().settle(settlement(1, List.of(settled)));
        purge(settled);

        assertThat(holds(id, InMemorySite.CAPTURED)).isTrue();
        assertThat(holds(id, InMemorySite.CAPTURED.plusMillis(1))).isFalse();
        assertThat(holds(settled + 1, InMemorySite.CAPTURED)).isFalse();
        assertThat(holds(settled, InMemorySite.CAPTURED)).as("purged").isTrue();
        assertThat(holds(uncommitted, InMemorySite.CAPTURED))
                .as("of a writer who is still at it")
                .isFalse();
    }

    private boolean holds(long sequence, Instant capturedAt) {
        return queue().holds(new LastReceived(sequence, capturedAt));
    }

    private void beginEpochThree() {
        queue().beginEpoch(1, 3, AcknowledgementId.NONE, ResyncDue.ROWS);
    }

    @Test
    void a_site_begins_online_in_its_first_epoch() {
        var state = site("first", Duration.ofSeconds(30)).state();

        assertThat(state.site()).isEqualTo(InMemorySite.NAME);
        assertThat(state.epoch()).isEqualTo(1);
        assertThat(state.online()).isTrue();
    }
}
