package dev.outboxsync.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @Test
    void a_gap_ends_a_range() {
        assertThat(SequenceRange.runsOf(List.of(1L, 2L, 3L, 5L, 7L, 8L)))
                .containsExactly(new SequenceRange(1, 3), new SequenceRange(5, 5), new SequenceRange(7, 8));
        assertThat(SequenceRange.runsOf(List.of())).isEmpty();
        assertThat(SequenceRange.runsOf(List.of(Long.MAX_VALUE)))
                .containsExactly(new SequenceRange(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void a_range_counts_both_its_ends_and_never_runs_backwards() {
        assertThat(new SequenceRange(3, 5).size()).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> new SequenceRange(2, 1));
    }

    @Test
    void a_site_names_its_topics_and_is_found_by_them() {
        var site = new Site("site-1");

        assertThat(site.changesTopic()).isEqualTo("sync.changes.site-1");
        assertThat(site.acknowledgementsTopic()).isEqualTo("sync.acks.site-1");
        assertThat(Site.ofChangesTopic("sync.changes.site-1")).contains(site);
        assertThat(Site.ofChangesTopic("sync.acks.site-1")).isEmpty();
        assertThat(Site.ofChangesTopic("sync.changes.site-1.x")).isEmpty();
        assertThat(new Site("a".repeat(40)).name()).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Site", "a.b", "a_b", "a b", "é", "a\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void a_name_that_no_topic_can_have_is_refused_with_a_sentence(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Site(name))
                .withMessageStartingWith("SITE_ID must be 1 to 40 of a-z, 0-9 and '-'");
    }

    @Test
    void a_version_is_newer_by_epoch_first_and_by_sequence_then() {
        assertThat(new Version(1, 9)).isLessThan(new Version(2, 1)).isGreaterThan(new Version(1, 8));
        assertThat(new Version(1, 9).isCoveredBy(new Version(1, 9))).isTrue();
        assertThat(new Version(1, 9).isCoveredBy(new Version(2, 1))).isTrue();
        assertThat(new Version(2, 1).isCoveredBy(new Version(1, 9))).isFalse();
    }

    @Test
    void an_epoch_is_not_far_from_the_last_that_is_known() {
        assertThat(Version.mayFollow(2, 1)).isTrue();
        assertThat(Version.mayFollow(1, 500_000)).isTrue();
        assertThat(Version.mayFollow(10_001, 1)).isTrue();
        assertThat(Version.mayFollow(10_002, 1)).isFalse();
        assertThat(Version.mayFollow(Integer.MAX_VALUE, 1)).isFalse();
    }

    /** It is shown in logs, and MySQL or somebody else may have made it up. */
    @Test
    void of_a_refusals_detail_only_what_is_visible_is_kept() {
        String forging = "users\r\n2026-11-23 INFO all is well\u001b[2J\u202e\u2028\u0085\u0000";

        assertThat(new Refusal(1, Reason.UNKNOWN_TABLE, forging).detail())
                .isEqualTo("users??2026-11-23 INFO all is well?[2J????");
        assertThat(new Refusal(1, Reason.UNKNOWN_TABLE, "käse 😀").detail()).isEqualTo("käse 😀");
        assertThat(new Refusal(1, Reason.UNKNOWN_TABLE, "😀".repeat(500)).detail())
                .isEqualTo("😀".repeat(129));
    }

    @Test
    void a_moment_is_cut_to_microseconds_and_never_rounded_up() {
        assertThat(UtcTime.text(Instant.parse("2026-11-23T06:00:00.123456999Z")))
                .isEqualTo("2026-11-23T06:00:00.123456Z");
        assertThat(UtcTime.moment("9999-12-31T23:59:59.999999999Z"))
                .isEqualTo(Instant.parse("9999-12-31T23:59:59.999999Z"));
        assertThat(UtcTime.moment("2026-11-23T07:00:00+01:00")).isEqualTo(Instant.parse("2026-11-23T06:00:00Z"));
    }

    /** Nearly all moments have our shape, and are read by a shorter way: it refuses what the longer one does. */
    @Test
    void a_moment_of_our_shape_is_the_one_that_the_general_parser_reads() {
        for (String ours : List.of(
                "2026-11-23T06:00:00.123456Z",
                "1000-01-01T00:00:00.000000Z",
                "9999-12-31T23:59:59.999999Z",
                "2024-02-29T12:34:56.000001Z",
                "2026-11-23T24:00:00.000000Z",
                "2016-12-31T23:59:60.000000Z")) {
            assertThat(UtcTime.moment(ours)).as(ours).isEqualTo(Instant.parse(ours));
        }
        for (String none : List.of(
                "2026-02-29T00:00:00.000000Z",
                "2026-13-01T00:00:00.000000Z",
                "2026-11-23T23:60:00.000000Z",
                "2026-11-23T25:00:00.000000Z",
                "2026-11-23T24:00:00.000001Z",
                "0999-12-31T23:59:59.999999Z",
                "2026-11-23 06:00:00.123456Z",
                "2026-11-23T06:00:00.12345٣Z")) {
            assertThatThrownBy(() -> UtcTime.moment(none)).as(none).isInstanceOf(DateTimeException.class);
        }
    }
}
