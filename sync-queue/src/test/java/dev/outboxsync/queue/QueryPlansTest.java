package dev.outboxsync.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The queries that meet a long queue go by the index that their comment names, and sort nothing. */
@Tag("server-dependent")
class QueryPlansTest {
    private static CapturedSite site;

    @BeforeAll
    static void a_queue_of_mostly_synced_rows() {
        site = CapturedSite.fresh();
        site.run(
                "INSERT INTO users (id, name, email) VALUES (1, 'Ann', 'ann@example.org')",
                // Doubled fourteen times: 16,384 entries of 4,096 records.
                "UPDATE sync_queue SET sync_status = 'SYNCED'");
        for (int doubled = 0; doubled < 14; doubled++) {
            site.run("""
                    INSERT INTO sync_queue (table_name, record_id, operation, last_updated_at, sync_status, payload)
                    SELECT table_name, id % 4096, 'UPDATE', last_updated_at, sync_status, payload FROM sync_queue
                    """);
        }
        site.run(
                "UPDATE sync_queue SET sync_status = 'PENDING' ORDER BY id DESC LIMIT 300",
                "UPDATE sync_queue SET sync_status = 'FAILED' ORDER BY id LIMIT 100");
        site.sql().sql("ANALYZE TABLE sync_queue").query().listOfRows();
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    static List<Arguments> queries() {
        return List.of(
                Arguments.of("pending", JdbcSyncQueue.READ_PENDING.formatted(""), "by_status"),
                Arguments.of("page", JdbcSyncQueue.READ_PAGE, "by_status"),
                Arguments.of("still pending", JdbcSyncQueue.READ_STILL_PENDING, "by_status"),
                Arguments.of("settle", JdbcSyncQueue.SETTLE, "PRIMARY"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void a_query_uses_its_index(String name, String query, String index) {
        List<Map<String, Object>> plan = plan(query).stream()
                .filter(step -> step.get("table").equals("sync_queue"))
                .toList();

        assertThat(plan).hasSize(1);
        assertThat(plan.get(0).get("key")).isEqualTo(index);
        assertGood(plan.get(0));
    }

    @Test
    void what_is_under_way_is_jumped_over_and_not_read() {
        List<Long> pending = site.sql()
                .sql("SELECT id FROM sync_queue WHERE sync_status = 'PENDING' ORDER BY id")
                .query(Long.class)
                .list();
        String between = " AND id NOT BETWEEN " + pending.get(10) + " AND " + pending.get(269);

        Map<String, Object> step =
                plan(JdbcSyncQueue.READ_PENDING.formatted(between)).get(0);

        assertThat(step).containsEntry("key", "by_status").containsEntry("type", "range");
        assertThat(((Number) step.get("rows")).longValue()).isLessThan(100);
        assertGood(step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nested")
    void a_query_of_several_parts_uses_an_index_for_each(String name, String query, List<String> indexes) {
        List<Map<String, Object>> plan = plan(query).stream()
                .filter(step -> List.of("sync_queue", "q", "later").contains(String.valueOf(step.get("table"))))
                .toList();

        assertThat(plan.stream().map(step -> String.valueOf(step.get("key"))).toList())
                .containsExactlyInAnyOrderElementsOf(indexes);
        plan.forEach(QueryPlansTest::assertGood);
    }

    static List<Arguments> nested() {
        return List.of(
                Arguments.of(
                        "totals", QueueReport.READ_TOTALS, List.of("by_status", "by_status", "by_status", "by_record")),
                Arguments.of("overtaken", Epochs.READ_OVERTAKEN, List.of("by_status", "by_record")),
                Arguments.of("list", QueueReport.LIST, List.of("PRIMARY", "by_record")),
                Arguments.of("list by status", QueueReport.LIST_BY_STATUS, List.of("by_status", "by_record")),
                Arguments.of("list of failed", QueueReport.LIST_FAILED, List.of("by_status", "by_record", "by_record")),
                Arguments.of("failed", FailedChanges.READ_FAILED, List.of("by_status", "by_record")),
                Arguments.of("these failed", FailedChanges.READ_THESE_FAILED, List.of("PRIMARY", "by_record")),
                Arguments.of("latest", QueueReport.READ_LATEST, List.of("PRIMARY", "by_record", "by_record")));
    }

    private static void assertGood(Map<String, Object> step) {
        assertThat(step.get("type")).isNotIn("ALL", "index");
        assertThat(String.valueOf(step.get("Extra"))).doesNotContain("filesort", "Using temporary");
    }

    private static List<Map<String, Object>> plan(String query) {
        Map<String, Object> parameters = Map.ofEntries(
                Map.entry("limit", 100),
                Map.entry("first", 16_100),
                Map.entry("last", 16_300),
                Map.entry("newest", 1_000_000),
                Map.entry("longest", 1_000_000),
                Map.entry("epoch", 1),
                Map.entry("before", 10_000),
                Map.entry("after", 10),
                Map.entry("status", "FAILED"),
                Map.entry("table", "users"),
                Map.entry("records", List.of("1", "2", "3")),
                Map.entry("ids", List.of(1, 2, 3)));
        return new NamedParameterJdbcTemplate(site.dataSource()).queryForList("EXPLAIN " + query, parameters);
    }
}
