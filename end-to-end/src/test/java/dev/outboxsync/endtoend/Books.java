package dev.outboxsync.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxsync.stack.Database;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Compares the books of both sides by content. */
final class Books {
    private static final Map<String, String> CONTENT = Map.of(
            "users",
            "SELECT JSON_ARRAY(id, name, email, DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%s.%f')) FROM users ORDER BY id",
            "orders",
            "SELECT JSON_ARRAY(id, user_id, CAST(amount AS CHAR), status,"
                    + " DATE_FORMAT(updated_at, '%Y-%m-%dT%H:%i:%s.%f')) FROM orders ORDER BY id");

    private final JdbcClient local;
    private final JdbcClient central;

    Books(Database local, Database central) {
        this.local = client(local);
        this.central = client(central);
    }

    JdbcClient local() {
        return local;
    }

    JdbcClient central() {
        return central;
    }

    /** Waits until nothing is PENDING any more. */
    void awaitDrained(Duration atMost) {
        await().atMost(atMost)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(count("sync_status = 'PENDING'"))
                        .as("PENDING rows")
                        .isZero());
    }

    /** Demands that both sides hold the same, and that every change is SYNCED, with a receipt and in the totals. */
    void demandEqualAndSynced() {
        demandEqual();
        assertThat(statuses()).as("statuses").containsOnlyKeys("SYNCED");
        demandTruthfulTotals();
    }

    void demandEqual() {
        CONTENT.forEach((table, content) -> assertThat(lines(central, content))
                .as("table %s at the centre", table)
                .isEqualTo(lines(local, content)));
    }

    /** The counts kept where rows are settled are those of the rows, and every SYNCED row has exactly one receipt. */
    void demandTruthfulTotals() {
        Map<String, Long> counted = statuses();
        Map<String, Object> kept =
                local.sql("SELECT synced, failed FROM sync_site").query().singleRow();
        assertThat(((Number) kept.get("synced")).longValue()).isEqualTo(counted.getOrDefault("SYNCED", 0L));
        assertThat(((Number) kept.get("failed")).longValue()).isEqualTo(counted.getOrDefault("FAILED", 0L));
        assertThat(local.sql("SELECT COALESCE(SUM(last_sequence - first_sequence + 1), 0) FROM sync_receipt")
                        .query(Long.class)
                        .single())
                .as("rows with a receipt")
                .isEqualTo(counted.getOrDefault("SYNCED", 0L));
    }

    long count(String condition) {
        return local.sql("SELECT COUNT(*) FROM sync_queue WHERE " + condition)
                .query(Long.class)
                .single();
    }

    private Map<String, Long> statuses() {
        return local.sql("SELECT sync_status, COUNT(*) FROM sync_queue GROUP BY sync_status")
                .query((org.springframework.jdbc.core.ResultSetExtractor<Map<String, Long>>) rows -> {
                    var counts = new java.util.TreeMap<String, Long>();
                    while (rows.next()) {
                        counts.put(rows.getString(1), rows.getLong(2));
                    }
                    return counts;
                });
    }

    private static List<String> lines(JdbcClient side, String content) {
        return side.sql(content).query(String.class).list();
    }

    private static JdbcClient client(Database database) {
        String url = database.url() + (database.url().contains("?") ? "&" : "?")
                + "connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true"
                + "&rewriteBatchedStatements=true&connectTimeout=5000&socketTimeout=120000";
        return JdbcClient.create(new DriverManagerDataSource(url, database.user(), database.password()));
    }
}
