package dev.outboxsync.central;

import static dev.outboxsync.central.Changes.SITE;
import static dev.outboxsync.event.Operation.DELETE;
import static dev.outboxsync.event.Operation.INSERT;
import static dev.outboxsync.event.Operation.SWEEP;
import static dev.outboxsync.event.Operation.UPDATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.AcknowledgementJson;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.SequenceRange;
import dev.outboxsync.event.Site;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What applying changes promises on every central database: in memory and in MySQL. */
abstract class ApplyingChangesContract {
    private static final Site OTHER = new Site("site-2");
    private static final Instant NOW = Instant.parse("2026-11-23T06:02:00.400000Z");
    final Changes site = Changes.of(SITE);
    private final Changes other = Changes.of(OTHER);
    private ApplyingChanges applying;
    private long offset = 100;

    abstract CentralDatabase database();

    /** Users by id, as {@code name email}. */
    abstract Map<String, String> users();

    /** Orders by id, as {@code user_id amount status}. */
    abstract Map<String, String> orders();

    /** Quarantined values by offset. */
    abstract Map<Long, byte[]> quarantined();

    @BeforeEach
    void open() {
        applying = new ApplyingChanges(database(), Clock.fixed(NOW, ZoneOffset.UTC), new SplittableRandom(7));
    }

    Acknowledgement apply(byte[]... values) {
        return applyOf(SITE, values);
    }

    private Acknowledgement applyOf(Site from, byte[]... values) {
        AppliedBatch batch = applying.apply(from, Changes.at(offset, from, values));
        offset += values.length;
        return batch.acknowledgement().orElseThrow();
    }

    @Test
    void a_batch_is_applied_and_acknowledged_as_one_range() {
        Acknowledgement acknowledgement = apply(
                site.user(7, INSERT, 1, "Ann"),
                site.order(8, INSERT, 1, 1, "12.50", "PAID"),
                site.user(9, UPDATE, 1, "Anna"));

        assertThat(acknowledgement)
                .isEqualTo(new Acknowledgement(
                        SITE,
                        1,
                        acknowledgement.id(),
                        "",
                        List.of(new SequenceRange(7, 9)),
                        List.of(),
                        100,
                        NOW,
                        null));
        assertThat(users()).containsExactly(entry("1", "Anna u1@example.org"));
        assertThat(orders()).containsExactly(entry("1", "1 12.50 PAID"));
    }

    @Test
    void a_redelivery_has_no_effect_and_is_acknowledged_again_under_a_higher_number() {
        byte[][] batch = {site.user(1, INSERT, 1, "Ann"), site.user(2, UPDATE, 1, "Anna")};
        Acknowledgement first = apply(batch);

        Acknowledgement second = apply(batch);

        assertThat(second.applied()).isEqualTo(first.applied());
        assertThat(second.refused()).isEmpty();
        assertThat(second.id().number()).isEqualTo(first.id().number() + 1);
        assertThat(users()).containsExactly(entry("1", "Anna u1@example.org"));
    }

    @Test
    void a_late_duplicate_does_not_bring_a_deleted_row_back() {
        byte[] insert = site.user(1, INSERT, 1, "Ann");
        apply(insert);
        apply(site.user(2, DELETE, 1, "Ann"));

        Acknowledgement acknowledgement = apply(insert);

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 1));
        assertThat(users()).isEmpty();
    }

    @Test
    void a_sweep_deletes_what_its_site_has_not_sent_again_and_nothing_of_others() {
        Site other = new Site("site-2");
        apply(site.user(1, INSERT, 1, "Ann"), site.user(2, INSERT, 2, "Ben"), site.user(3, INSERT, 3, "Cleo"));
        applyOf(other, Changes.of(other).user(1, INSERT, 9, "Zoe"));
        byte[] sweep = site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":null}");

        Acknowledgement swept = apply(site.user(10, UPDATE, 2, "Ben"), sweep, site.user(12, INSERT, 4, "Dan"));
        Acknowledgement late = apply(site.user(3, INSERT, 3, "Cleo"), sweep);

        assertThat(swept.applied()).containsExactly(new SequenceRange(10, 12));
        assertThat(late.refused()).isEmpty();
        assertThat(users().keySet()).containsExactlyInAnyOrder("2", "4", "9");
    }

    @Test
    void a_sweep_spares_what_it_names_and_what_was_sent_since_its_own_epoch() {
        apply(site.user(1, INSERT, 1, "Ann"), site.user(2, INSERT, 2, "Ben"), site.user(9, INSERT, 3, "Cleo"));
        var next = site.inEpoch(2);

        apply(next.change(
                4,
                "users",
                SWEEP,
                "*",
                "{\"since\":\"8\",\"epoch\":\"1\",\"from\":null,\"to\":null,\"except\":\"[\\\"2\\\"]\"}"));

        assertThat(users()).containsOnlyKeys("2", "3");
    }

    @Test
    void a_sweep_whose_exceptions_cannot_be_read_deletes_nothing() {
        apply(site.user(1, INSERT, 1, "Ann"));

        Acknowledgement swept = apply(site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"except\":\"1, 2\"}"));

        assertThat(swept.refused()).extracting(Refusal::reason).containsExactly(Reason.INVALID_VALUE);
        assertThat(users().keySet()).containsExactly("1");
    }

    @Test
    void a_sweep_that_waited_while_db_b_was_restored_deletes_nothing() {
        AcknowledgementId given = apply(site.user(1, INSERT, 1, "Ann")).id();
        apply(site.user(2, INSERT, 2, "Ben"));

        Acknowledgement lost = apply(sweepOnceSeen(11, new AcknowledgementId(given.number(), "lost")));

        assertThat(lost.refused()).containsExactly(new Refusal(11, Reason.STALE_EPOCH, null));
        assertThat(users()).containsOnlyKeys("1", "2");
        assertThat(apply(sweepOnceSeen(12, given)).refused()).isEmpty();
        assertThat(users()).isEmpty();
    }

    private byte[] sweepOnceSeen(long sequence, AcknowledgementId seen) {
        return site.change(
                sequence,
                "users",
                SWEEP,
                "*",
                "{\"since\":\"10\",\"seen\":\"%d\",\"mark\":\"%s\"}".formatted(seen.number(), seen.mark()));
    }

    @ParameterizedTest
    @CsvSource({"12,1", "11,2", "9223372036854775807,1", "10,2147483647", "-1,1", "10,0", "10,-1"})
    void a_sweep_deletes_nothing_in_the_name_of_what_is_yet_to_come(String since, String epoch) {
        apply(site.user(1, INSERT, 1, "Ann"));

        Acknowledgement swept = apply(
                site.change(11, "users", SWEEP, "*", "{\"since\":\"" + since + "\",\"epoch\":\"" + epoch + "\"}"));

        assertThat(swept.refused()).extracting(Refusal::reason).containsExactly(Reason.INVALID_VALUE);
        assertThat(users().keySet()).containsExactly("1");
    }

    @Test
    void an_epoch_that_somebody_made_up_begins_none_and_the_rest_of_its_batch_is_applied() {
        Acknowledgement acknowledgement = apply(
                site.user(1, INSERT, 1, "Ann"),
                site.inEpoch(Integer.MAX_VALUE).user(2, INSERT, 2, "Eve"),
                site.user(3, INSERT, 3, "Cleo"));

        assertThat(acknowledgement.epoch()).isEqualTo(1);
        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 1), new SequenceRange(3, 3));
        assertThat(users().keySet()).containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void rows_that_exchange_a_unique_value_are_written_together_and_keep_their_children() {
        apply(
                site.user(1, INSERT, 1, "Ann", "a@x"),
                site.user(2, INSERT, 2, "Ben", "b@x"),
                site.user(3, INSERT, 3, "C", "c@x"));
        apply(site.order(4, INSERT, 7, 1, "12.50", "PAID"));

        Acknowledgement exchanged = apply(
                site.user(11, UPDATE, 1, "Ann", "b@x"),
                site.user(12, UPDATE, 2, "Ben", "a@x"),
                site.user(13, INSERT, 4, "Dan", "c@x"));
        Acknowledgement late = apply(site.user(2, UPDATE, 2, "Ben", "b@x"), site.user(14, DELETE, 1, "Ann", "b@x"));

        assertThat(exchanged.applied()).containsExactly(new SequenceRange(11, 12));
        assertThat(exchanged.refused()).containsExactly(new Refusal(13, Reason.DUPLICATE_KEY, "users.email"));
        assertThat(users()).containsExactly(entry("1", "Ann b@x"), entry("2", "Ben a@x"), entry("3", "C c@x"));
        assertThat(late.refused()).extracting(Refusal::reason).containsExactly(Reason.HAS_CHILDREN);
    }

    @Test
    void what_a_record_became_later_in_the_batch_is_not_exchanged_away() {
        apply(site.user(1, INSERT, 1, "Ann", "a@x"), site.user(2, INSERT, 2, "Ben", "b@x"));

        apply(
                site.user(11, UPDATE, 1, "Ann", "b@x"),
                site.user(12, UPDATE, 2, "Ben", "a@x"),
                site.user(13, UPDATE, 1, "Ann", "n@x"));

        assertThat(users()).containsExactly(entry("1", "Ann n@x"), entry("2", "Ben b@x"));
    }

    @Test
    void what_was_captured_before_a_sweep_and_comes_after_it_is_applied() {
        apply(site.user(1, INSERT, 1, "Ann"), site.user(2, INSERT, 2, "Ben"));

        apply(site.change(20, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":null}"));
        apply(site.user(9, UPDATE, 1, "Ann, before"), site.user(11, UPDATE, 2, "Ben, since"));

        assertThat(users()).containsExactly(entry("2", "Ben, since u2@example.org"));
    }

    @Test
    void what_is_new_may_be_swept_and_come_again_in_one_batch() {
        Acknowledgement all = apply(
                site.user(2, INSERT, 1, "Ann, before"),
                site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":null}"),
                site.user(12, UPDATE, 1, "Ann, since"));

        assertThat(all.refused()).isEmpty();
        assertThat(users()).containsExactly(entry("1", "Ann, since u1@example.org"));
    }

    @Test
    void what_is_new_may_be_swept_in_the_batch_that_it_came_in() {
        apply(
                site.user(2, INSERT, 1, "Ann"),
                site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":null}"));

        assertThat(users()).isEmpty();
    }

    @Test
    void a_sweep_of_parents_whose_children_are_still_there_is_refused() {
        apply(site.user(1, INSERT, 1, "Ann"), site.order(2, INSERT, 1, 1, "12.50", "PAID"));

        Acknowledgement swept =
                apply(site.change(11, "users", SWEEP, "*", "{\"since\":\"10\",\"from\":null,\"to\":null}"));

        assertThat(swept.refused()).extracting(Refusal::reason).containsExactly(Reason.HAS_CHILDREN);
        assertThat(users().keySet()).containsExactly("1");
    }

    @Test
    void the_newest_version_stays_in_whatever_order_they_come() {
        apply(site.user(5, UPDATE, 1, "five"));
        apply(site.user(3, UPDATE, 1, "three"));
        Acknowledgement last = apply(site.user(4, UPDATE, 1, "four"));

        assertThat(last.applied()).containsExactly(new SequenceRange(4, 4));
        assertThat(users()).containsExactly(entry("1", "five u1@example.org"));
    }

    @Test
    void a_record_is_inserted_deleted_and_inserted_again_within_one_batch() {
        Acknowledgement acknowledgement =
                apply(site.user(1, INSERT, 1, "one"), site.user(2, DELETE, 1, "one"), site.user(3, INSERT, 1, "again"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(users()).containsExactly(entry("1", "again u1@example.org"));
    }

    @Test
    void an_update_of_an_absent_row_inserts_it() {
        apply(site.user(1, UPDATE, 1, "Ann"));

        assertThat(users()).containsExactly(entry("1", "Ann u1@example.org"));
    }

    @Test
    void an_insert_of_a_present_row_updates_it() {
        apply(site.user(1, INSERT, 1, "Ann"));

        apply(site.user(2, INSERT, 1, "Anna"));

        assertThat(users()).containsExactly(entry("1", "Anna u1@example.org"));
    }

    @Test
    void a_delete_of_an_absent_row_is_remembered() {
        Acknowledgement acknowledgement = apply(site.user(5, DELETE, 1, "Ann"));
        apply(site.user(4, INSERT, 1, "Ann"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(5, 5));
        assertThat(users()).isEmpty();
    }

    @Test
    void an_address_is_handed_over_and_an_order_moves_within_one_batch() {
        apply(
                site.user(1, INSERT, 1, "Ann", "first@example.org"),
                site.user(2, INSERT, 2, "Bob", "second@example.org"),
                site.order(3, INSERT, 1, 1, "1.00", "NEW"));

        Acknowledgement acknowledgement = apply(
                site.user(4, UPDATE, 1, "Ann", "third@example.org"),
                site.user(5, UPDATE, 2, "Bob", "first@example.org"),
                site.order(6, UPDATE, 1, 2, "1.00", "NEW"),
                site.user(7, DELETE, 1, "Ann", "third@example.org"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(users()).containsExactly(entry("2", "Bob first@example.org"));
        assertThat(orders()).containsExactly(entry("1", "2 1.00 NEW"));
    }

    @Test
    void a_taken_address_refuses_that_change_alone() {
        apply(site.user(1, INSERT, 1, "Ann", "ann@example.org"));

        Acknowledgement acknowledgement = apply(
                site.user(2, INSERT, 2, "Bob"),
                site.user(3, INSERT, 3, "Eve", "ann@example.org"),
                site.user(4, UPDATE, 2, "Bobby"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(2, 2), new SequenceRange(4, 4));
        assertThat(acknowledgement.refused()).containsExactly(new Refusal(3, Reason.DUPLICATE_KEY, "users.email"));
        assertThat(users()).containsOnly(entry("1", "Ann ann@example.org"), entry("2", "Bobby u2@example.org"));
    }

    @Test
    void a_refused_change_is_applied_when_it_comes_again_after_its_cause_is_gone() {
        apply(site.user(1, INSERT, 1, "Ann", "ann@example.org"));
        byte[] refused = site.user(2, INSERT, 2, "Eve", "ann@example.org");
        apply(refused);
        apply(site.user(3, UPDATE, 1, "Ann", "other@example.org"));

        Acknowledgement acknowledgement = apply(refused);

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(users()).containsOnly(entry("1", "Ann other@example.org"), entry("2", "Eve ann@example.org"));
    }

    @Test
    void an_order_without_its_user_and_a_user_with_orders_are_refused() {
        apply(site.user(1, INSERT, 1, "Ann"), site.order(2, INSERT, 1, 1, "1.00", "NEW"));

        Acknowledgement acknowledgement =
                apply(site.order(3, INSERT, 2, 99, "1.00", "NEW"), site.user(4, DELETE, 1, "Ann"));

        assertThat(acknowledgement.applied()).isEmpty();
        assertThat(acknowledgement.refused())
                .containsExactly(
                        new Refusal(3, Reason.MISSING_PARENT, "orders.user_id"),
                        new Refusal(4, Reason.HAS_CHILDREN, "orders.user_id"));
        assertThat(users()).hasSize(1);
    }

    @Test
    void a_text_that_is_too_long_is_refused() {
        Acknowledgement acknowledgement = apply(site.user(1, INSERT, 1, "x".repeat(201)));

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(1, Reason.TOO_LONG, "users.name"));
        assertThat(users()).isEmpty();
    }

    @Test
    void tables_and_columns_that_the_centre_does_not_have_are_refused() {
        Acknowledgement acknowledgement = apply(
                site.change(1, "USERS", INSERT, "1", "{\"id\":\"1\"}"),
                site.change(2, "orders; DROP TABLE users", INSERT, "1", "{\"id\":\"1\"}"),
                site.change(3, "users", INSERT, "1", "{\"id\":\"1\",\"no`te\":null}"),
                site.change(4, "users", INSERT, "1", "{\"name\":\"Ann\"}"),
                site.user(5, INSERT, 2, "Bob"));

        assertThat(acknowledgement.refused())
                .containsExactly(
                        new Refusal(1, Reason.UNKNOWN_TABLE, "USERS"),
                        new Refusal(2, Reason.UNKNOWN_TABLE, "orders; DROP TABLE users"),
                        new Refusal(3, Reason.UNKNOWN_COLUMN, "users.no`te"),
                        new Refusal(4, Reason.UNKNOWN_COLUMN, "users.id"));
        assertThat(users()).containsOnlyKeys("2");
    }

    @Test
    void a_repeated_insert_is_acknowledged_again_though_it_would_be_refused_today() {
        apply(site.user(1, INSERT, 1, "Ann"));

        Acknowledgement acknowledgement = apply(
                site.change(1, "users", INSERT, "1", "{\"id\":\"1\",\"note\":null}"), site.user(2, INSERT, 2, "Bob"));

        assertThat(acknowledgement.refused()).isEmpty();
        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 2));
        assertThat(users()).containsOnlyKeys("1", "2");
    }

    @Test
    void a_late_insert_of_a_deleted_record_brings_it_back_for_no_moment_and_a_new_one_does() {
        apply(site.user(1, INSERT, 1, "Ann"), site.user(5, DELETE, 1, "Ann"));

        assertThat(apply(site.user(1, INSERT, 1, "Ann"), site.user(3, UPDATE, 1, "Anna"))
                        .applied())
                .containsExactly(new SequenceRange(1, 1), new SequenceRange(3, 3));
        assertThat(users()).isEmpty();
        apply(site.user(7, INSERT, 1, "Ann"));
        apply(site.user(8, DELETE, 1, "Ann"));
        apply(site.user(9, INSERT, 1, "Annie"), site.user(10, INSERT, 2, "Bob"));

        assertThat(users()).containsOnlyKeys("1", "2").containsEntry("1", "Annie u1@example.org");
    }

    @Test
    void an_insert_of_what_another_site_has_delivered_and_deleted_is_refused() {
        applyOf(OTHER, other.user(1, INSERT, 1, "Ann"));
        applyOf(OTHER, other.user(2, DELETE, 1, "Ann"));

        Acknowledgement acknowledgement = apply(
                site.user(1, INSERT, 1, "Mallory"),
                site.change(2, "users", INSERT, "1", "{\"id\":\"1\",\"note\":null}"));

        assertThat(acknowledgement.refused())
                .containsExactly(new Refusal(1, Reason.OTHER_SITE, null), new Refusal(2, Reason.OTHER_SITE, null));
        assertThat(users()).isEmpty();
    }

    @Test
    void a_record_belongs_to_the_site_that_first_delivered_it() {
        apply(site.user(1, INSERT, 1, "Ann"));

        Acknowledgement acknowledgement = applyOf(OTHER, other.user(50, UPDATE, 1, "Mallory"));

        assertThat(acknowledgement.refused()).containsExactly(new Refusal(50, Reason.OTHER_SITE, null));
        assertThat(users()).containsExactly(entry("1", "Ann u1@example.org"));
    }

    @Test
    void a_site_cannot_write_another_sites_row_under_another_name() {
        apply(site.user(1, INSERT, 1, "Ann"));
        String row = "{\"id\":\"%s\",\"name\":\"Mallory\",\"email\":\"m@example.org\",\"updated_at\":null}";

        Acknowledgement acknowledgement = applyOf(
                OTHER,
                other.change(1, "users", UPDATE, "mine", row.formatted("1")),
                other.change(2, "users", UPDATE, "1.0", row.formatted("1.0").replace("null", "\"2026-11-23\"")),
                other.change(3, "users", DELETE, "1.0", row.formatted("1.0")),
                other.change(4, "users", UPDATE, "01", row.formatted("01").replace("null", "\"2026-11-23\"")));

        assertThat(acknowledgement.refused())
                .containsExactly(
                        new Refusal(1, Reason.INVALID_VALUE, "users.id"),
                        new Refusal(2, Reason.DUPLICATE_KEY, "users.PRIMARY"),
                        new Refusal(4, Reason.INVALID_VALUE, "users.id"));
        assertThat(users()).containsExactly(entry("1", "Ann u1@example.org"));
    }

    @Test
    void a_new_epoch_begins_and_the_old_one_is_over() {
        apply(site.user(10, INSERT, 1, "old"));

        Acknowledgement began =
                apply(site.user(11, UPDATE, 1, "late"), site.inEpoch(2).user(3, UPDATE, 1, "new"));
        Acknowledgement after = apply(site.user(12, UPDATE, 1, "later"));

        assertThat(began.epoch()).isEqualTo(2);
        assertThat(began.applied()).containsExactly(new SequenceRange(3, 3));
        assertThat(began.refused()).containsExactly(new Refusal(11, Reason.STALE_EPOCH, null));
        assertThat(after.epoch()).isEqualTo(2);
        assertThat(after.refused()).containsExactly(new Refusal(12, Reason.STALE_EPOCH, null));
        assertThat(users()).containsExactly(entry("1", "new u1@example.org"));
    }

    @Test
    void a_gap_in_what_was_received_ends_a_range() {
        Acknowledgement acknowledgement = apply(
                site.user(1, INSERT, 1, "one"), site.user(3, INSERT, 3, "three"), site.user(4, INSERT, 4, "four"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 1), new SequenceRange(3, 4));
    }

    @Test
    void of_a_sequence_that_comes_twice_the_last_outcome_counts() {
        apply(site.user(1, INSERT, 1, "Ann", "ann@example.org"));

        Acknowledgement acknowledgement = apply(
                site.user(2, INSERT, 2, "Bob", "ann@example.org"),
                site.user(3, UPDATE, 1, "Ann", "other@example.org"),
                site.user(2, INSERT, 2, "Bob", "ann@example.org"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(2, 3));
        assertThat(acknowledgement.refused()).isEmpty();
    }

    @Test
    void what_is_no_event_is_kept_once_and_the_lane_goes_on() {
        byte[] garbage = {0, (byte) 0xff, 'x'};
        byte[][] batch = {garbage, site.user(1, INSERT, 1, "Ann"), other.user(2, INSERT, 2, "Bob"), null};
        List<ReceivedRecord> records = Changes.at(40, SITE, batch);

        AppliedBatch first = applying.apply(SITE, records);
        AppliedBatch again = applying.apply(SITE, records);

        assertThat(first.quarantined().records()).isEqualTo(3);
        assertThat(first.quarantined().first()).isEqualTo(40);
        assertThat(first.quarantined().last()).isEqualTo(43);
        assertThat(again.quarantined().records()).isZero();
        assertThat(again.acknowledgement().orElseThrow().applied()).containsExactly(new SequenceRange(1, 1));
        assertThat(quarantined())
                .hasSize(3)
                .containsEntry(40L, garbage)
                .containsEntry(42L, batch[2])
                .containsKey(43L);
        assertThat(users()).containsOnlyKeys("1");
    }

    @Test
    void a_batch_without_an_event_is_not_acknowledged() {
        AppliedBatch batch = applying.apply(SITE, Changes.at(1, SITE, "[]".getBytes(UTF_8)));

        assertThat(batch.acknowledgement()).isEmpty();
        assertThat(apply(site.user(1, INSERT, 1, "Ann")).id().number()).isEqualTo(1);
    }

    private static byte[] edited(byte[] value, String from, String to) {
        return new String(value, UTF_8).replace(from, to).getBytes(UTF_8);
    }

    @Test
    void a_site_learns_which_of_its_changes_cannot_be_read() {
        byte[] unread = edited(site.user(2, INSERT, 2, "Bob"), "INSERT", "UPSERT");

        Acknowledgement acknowledgement = apply(site.user(1, INSERT, 1, "Ann"), unread, site.user(3, INSERT, 3, "Cem"));

        assertThat(acknowledgement.applied()).containsExactly(new SequenceRange(1, 1), new SequenceRange(3, 3));
        assertThat(acknowledgement.refused()).containsExactly(new Refusal(2, Reason.MALFORMED, "operation"));
        assertThat(apply(unread).refused()).as("alone").hasSize(1);
    }

    /** Anybody may write a number. */
    @Test
    void poison_that_bears_the_sequence_of_a_change_that_was_read_decides_nothing() {
        byte[] change = site.user(1, INSERT, 1, "Ann");
        byte[] poison = "{\"v\":1,\"sequence\":1,\"what\":".getBytes(UTF_8);
        byte[] wellFormed = "{\"sequence\":1}".getBytes(UTF_8);

        assertThat(apply(wellFormed, change, poison, wellFormed).refused()).isEmpty();
        assertThat(apply(change, wellFormed).applied()).containsExactly(new SequenceRange(1, 1));
    }

    @Test
    void poison_of_another_site_or_epoch_is_told_to_nobody() {
        apply(site.inEpoch(2).user(1, INSERT, 1, "Ann"));

        AppliedBatch batch = applying.apply(
                SITE,
                Changes.at(
                        7,
                        SITE,
                        edited(other.user(2, INSERT, 2, "Bob"), "INSERT", "UPSERT"),
                        other.user(3, INSERT, 2, "Bob"),
                        edited(site.user(4, INSERT, 2, "Bob"), "INSERT", "UPSERT")));

        assertThat(batch.acknowledgement()).isEmpty();
        assertThat(batch.quarantined().records()).isEqualTo(3);
    }

    /** Names that somebody made up are told, but not so many that Kafka would take no such acknowledgement. */
    @Test
    void an_acknowledgement_stays_small_whatever_is_refused() {
        byte[][] records = LongStream.rangeClosed(1, 5_000)
                .mapToObj(number -> site.change(
                        Long.MAX_VALUE - number, "\u0001".repeat(63) + number % 10, INSERT, "1", "{\"id\":\"1\"}"))
                .toArray(byte[][]::new);

        Acknowledgement acknowledgement = apply(records);

        assertThat(acknowledgement.refused()).hasSize(5_000).allMatch(one -> one.reason() == Reason.UNKNOWN_TABLE);
        assertThat(acknowledgement.refused().get(0).detail()).isEqualTo("?".repeat(63) + "0");
        assertThat(AcknowledgementJson.write(acknowledgement)).hasSizeLessThan(700_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void after_any_load_rows_and_refusals_are_those_of_a_straightforward_model(long seed) {
        var load = new RandomLoad(seed, site);
        var model = new CentreModel();
        List<RandomLoad.Event> lane = load.events(600);

        Map<Long, Reason> refused = new TreeMap<>();
        Map<Long, Reason> expected = new TreeMap<>();
        for (List<RandomLoad.Event> batch : load.batches(lane)) {
            batch.forEach(event -> model.apply(event)
                    .ifPresentOrElse(
                            reason -> expected.put(event.sequence(), reason), () -> expected.remove(event.sequence())));
            model.exchange(batch.stream()
                            .filter(event -> expected.get(event.sequence()) == Reason.DUPLICATE_KEY)
                            .toList())
                    .forEach(event -> expected.remove(event.sequence()));
            Acknowledgement acknowledgement =
                    apply(batch.stream().map(RandomLoad.Event::value).toArray(byte[][]::new));
            acknowledgement
                    .applied()
                    .forEach(range ->
                            LongStream.rangeClosed(range.first(), range.last()).forEach(refused::remove));
            acknowledgement.refused().forEach(refusal -> refused.put(refusal.sequence(), refusal.reason()));
        }

        assertThat(expected).isNotEmpty();
        assertThat(refused).isEqualTo(expected);
        assertThat(users()).isEqualTo(model.users());
        assertThat(orders()).isEqualTo(model.orders());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_lane_that_its_site_accepted_is_applied_whole_whatever_its_batches(long seed) {
        var load = new RandomLoad(seed, site);
        var model = new CentreModel();
        List<RandomLoad.Event> lane = load.events(2_000).stream()
                .filter(event -> model.apply(event).isEmpty())
                .toList();

        for (List<RandomLoad.Event> batch : load.batches(lane)) {
            Acknowledgement acknowledgement =
                    apply(batch.stream().map(RandomLoad.Event::value).toArray(byte[][]::new));
            assertThat(acknowledgement.refused()).isEmpty();
        }

        assertThat(lane).hasSizeGreaterThan(500);
        assertThat(users()).isEqualTo(model.users());
        assertThat(orders()).isEqualTo(model.orders());
    }
}
