package dev.outboxsync.central.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.central.CentralMySql;
import dev.outboxsync.stack.Database;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The queries of a quarantine that somebody has filled go by the index that their comment names, and sort nothing. */
@Tag("server-dependent")
class QuarantinePlansTest {
    private static final CentralMySql MY_SQL = new CentralMySql();

    @BeforeAll
    static void a_quarantine_that_one_site_has_filled() {
        MY_SQL.keep("sync.changes.site-2", new byte[] {2});
        // doubled thirteen times: 8,192 entries, and a few of another site
        for (int doubled = 0; doubled < 13; doubled++) {
            MY_SQL.execute("""
                    INSERT INTO sync_quarantine
                        (topic, topic_partition, topic_offset, record_value, value_hash, reason, quarantined_at)
                    SELECT topic, 0, topic_offset + (SELECT COUNT(*) FROM sync_quarantine), record_value, value_hash,
                           reason, quarantined_at - INTERVAL id SECOND
                    FROM sync_quarantine
                    """);
        }
        MY_SQL.execute("UPDATE sync_quarantine SET topic = 'sync.changes.site-1' WHERE id % 512 = 0");
        MY_SQL.execute("ANALYZE TABLE sync_quarantine");
    }

    @AfterAll
    static void stop() {
        MY_SQL.close();
    }

    static List<Arguments> queries() {
        return List.of(
                Arguments.of("list", QuarantineEntries.LIST, "PRIMARY"),
                Arguments.of("list of a site", QuarantineEntries.LIST_OF_SITE, "by_topic"),
                Arguments.of("one", QuarantineEntries.FIND, "PRIMARY"),
                Arguments.of("its bytes", QuarantineEntries.READ_RECORD, "PRIMARY"),
                Arguments.of("its headers", QuarantineEntries.READ_HEADERS, "PRIMARY"),
                Arguments.of("drop one", QuarantineEntries.DROP, "PRIMARY"),
                Arguments.of("drop all of a site", QuarantineEntries.DROP_OF_SITE, "by_place"),
                Arguments.of("drop the flood", QuarantineEntries.DROP_OF_SITE, "by_place"),
                Arguments.of("purge", QuarantineEntries.PURGE, "by_time"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void a_query_uses_its_index(String name, String query, String index) {
        List<Map<String, Object>> plan = plan(
                query,
                Map.of(
                        "before",
                        name.equals("purge") ? "2000-01-01" : 4_000,
                        "topic",
                        name.equals("drop the flood") ? "sync.changes.site-2" : "sync.changes.site-1",
                        "id",
                        17,
                        "limit",
                        50));

        assertThat(plan).hasSize(1);
        assertThat(plan.get(0)).containsEntry("key", index);
        assertThat(plan.get(0).get("type")).isNotIn("ALL", "index");
        assertThat(String.valueOf(plan.get(0).get("Extra"))).doesNotContain("filesort", "Using temporary");
    }

    private static List<Map<String, Object>> plan(String query, Map<String, Object> parameters) {
        Database database = MY_SQL.database();
        return new NamedParameterJdbcTemplate(
                        new DriverManagerDataSource(database.url(), database.user(), database.password()))
                .queryForList("EXPLAIN " + query, parameters);
    }
}
