package dev.outboxsync.central;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the centre remembers of records goes forwards only, in few statements. */
class AppliedVersionsTest {
    private static final Site SITE = new Site("site-1");
    private static final RecordKey RECORD = new RecordKey("users", "1");

    private final CentralMySql mySql = new CentralMySql();
    private final AppliedVersions versions = new AppliedVersions(mySql.jdbc);

    @AfterEach
    void close() {
        mySql.close();
    }

    private static AppliedVersion version(int epoch, long sequence) {
        return new AppliedVersion(SITE, new Version(epoch, sequence), false);
    }

    @Test
    void thousands_of_known_records_of_two_tables_get_their_new_versions() {
        Map<RecordKey, AppliedVersion> first = new HashMap<>();
        Map<RecordKey, AppliedVersion> second = new HashMap<>();
        for (int i = 0; i < 2_500; i++) {
            var record = new RecordKey(i % 2 == 0 ? "users" : "orders", "id " + i / 2);
            first.put(record, version(1, i + 1));
            second.put(record, new AppliedVersion(SITE, new Version(1 + i % 2, 10_000 - i), i % 3 == 0));
        }

        versions.write(first, Set.of());
        versions.write(second, first.keySet());

        assertThat(versions.read(first.keySet())).isEqualTo(second);
    }

    @Test
    void records_whose_keys_differ_in_case_or_in_a_blank_at_the_end_are_not_mistaken_for_each_other() {
        var small = new RecordKey("users", "a");
        var capital = new RecordKey("users", "A");
        var blank = new RecordKey("users", "a ");
        versions.write(Map.of(small, version(1, 1), capital, version(1, 2), blank, version(1, 3)), Set.of());

        versions.write(Map.of(capital, version(1, 7)), Set.of(small, capital, blank));

        assertThat(versions.read(Set.of(small, capital, blank)))
                .isEqualTo(Map.of(small, version(1, 1), capital, version(1, 7), blank, version(1, 3)));
    }

    @Test
    void any_text_names_a_record() {
        Map<RecordKey, AppliedVersion> first = new HashMap<>();
        Map<RecordKey, AppliedVersion> second = new HashMap<>();
        for (String id :
                List.of("\"]], [", "\\", "\0\n\u0085\u2028", "[\"7\", \"é\"]", "🛒".repeat(255), "' OR 1 = 1")) {
            first.put(new RecordKey("ta\"ble", id), version(1, 1));
            second.put(new RecordKey("ta\"ble", id), version(1, Long.MAX_VALUE));
        }

        versions.write(first, Set.of());
        versions.write(second, first.keySet());

        assertThat(versions.read(first.keySet())).isEqualTo(second);
    }

    @Test
    void a_version_is_never_replaced_by_an_older_one() {
        versions.write(Map.of(RECORD, version(2, 5)), Set.of());

        for (AppliedVersion older : new AppliedVersion[] {version(2, 4), version(2, 5), version(1, 6)}) {
            assertThatThrownBy(() -> versions.write(Map.of(RECORD, older), Set.of(RECORD)))
                    .isInstanceOf(UnexpectedStateException.class);
        }

        assertThat(versions.read(Set.of(RECORD))).containsEntry(RECORD, version(2, 5));
    }

    @Test
    void the_version_of_another_sites_record_stays() {
        var others = new AppliedVersion(new Site("site-2"), new Version(1, 1), false);
        versions.write(Map.of(RECORD, others), Set.of());

        assertThatThrownBy(() -> versions.write(Map.of(RECORD, version(1, 2)), Set.of(RECORD)))
                .isInstanceOf(UnexpectedStateException.class);

        assertThat(versions.read(Set.of(RECORD))).containsEntry(RECORD, others);
    }

    @Test
    void a_version_that_is_gone_is_missed_and_not_made_anew() {
        var gone = new RecordKey("users", "2");
        versions.write(Map.of(RECORD, version(1, 1)), Set.of());

        assertThatThrownBy(
                        () -> versions.write(Map.of(RECORD, version(1, 2), gone, version(1, 3)), Set.of(RECORD, gone)))
                .isInstanceOf(UnexpectedStateException.class);

        assertThat(versions.read(Set.of(gone))).isEmpty();
    }

    @Test
    void each_is_found_by_its_primary_key() {
        Map<RecordKey, AppliedVersion> many = new HashMap<>();
        for (int i = 1; i <= 500; i++) {
            many.put(new RecordKey("users", String.valueOf(i)), version(1, i));
        }
        versions.write(many, Set.of());
        mySql.execute("ANALYZE TABLE sync_version");
        String rows = IntStream.range(0, 100)
                .mapToObj(i -> "[\"users\", \"7\", \"site-1\", 2, 1, 0]")
                .collect(Collectors.joining(", ", "[", "]"));

        for (String statement : List.of(AppliedVersions.READ, AppliedVersions.UPDATE)) {
            var plan = mySql.jdbc.queryForList("EXPLAIN " + statement, rows);

            assertThat(plan)
                    .filteredOn(step -> "v".equals(step.get("table")))
                    .singleElement()
                    .satisfies(step ->
                            assertThat(step).containsEntry("type", "eq_ref").containsEntry("key", "PRIMARY"));
        }
    }
}
