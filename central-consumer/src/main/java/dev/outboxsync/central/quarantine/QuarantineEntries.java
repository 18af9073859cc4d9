package dev.outboxsync.central.quarantine;

import dev.outboxsync.central.ReceivedRecord;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.UtcTime;
import dev.outboxsync.mysql.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Table sync_quarantine for people. */
@Component
final class QuarantineEntries {
    private static final String ENTRY = """
            SELECT id, topic, topic_partition, topic_offset, quarantined_at, reason, detail, key_size, value_size
            FROM sync_quarantine
            """;
    // by primary key, from the newest on
    static final String LIST = ENTRY + """
            WHERE id < :before
            ORDER BY id DESC
            LIMIT :limit
            """;
    // by_topic
    static final String LIST_OF_SITE = ENTRY + """
            WHERE topic = :topic AND id < :before
            ORDER BY id DESC
            LIMIT :limit
            """;
    static final String FIND = ENTRY + "WHERE id = :id";
    static final String READ_RECORD = """
            SELECT topic, topic_partition, topic_offset, record_key, record_value
            FROM sync_quarantine
            WHERE id = :id
            """;
    static final String READ_HEADERS = "SELECT record_headers FROM sync_quarantine WHERE id = :id";
    static final String DROP = "DELETE FROM sync_quarantine WHERE id = :id";
    // by_place, in its order: by id MySQL sorts all of the topic for each piece
    static final String DROP_OF_SITE = """
            DELETE FROM sync_quarantine
            WHERE topic = :topic
            ORDER BY topic_partition, topic_offset
            LIMIT :limit
            """;
    // by_time
    static final String PURGE = """
            DELETE FROM sync_quarantine
            WHERE quarantined_at < :before
            ORDER BY quarantined_at
            LIMIT :limit
            """;
    /** Locks are held by few rows for a short while, for lanes write here too. */
    private static final int MOST_AT_ONCE = 500;

    private final JdbcClient jdbc;
    private final Transactions transactions;

    QuarantineEntries(JdbcTemplate template, PlatformTransactionManager manager) {
        this.jdbc = JdbcClient.create(template);
        this.transactions = new Transactions(manager);
    }

    /** The newest entries with smaller ids; of one site, or of all. */
    List<QuarantineEntry> list(@Nullable Site site, long before, int limit) {
        return jdbc.sql(site == null ? LIST : LIST_OF_SITE)
                .param("topic", site == null ? "" : site.changesTopic())
                .param("before", before)
                .param("limit", limit)
                .query((row, number) -> entry(row))
                .list();
    }

    Optional<QuarantineEntry> find(long id) {
        return jdbc.sql(FIND).param("id", id).query((row, number) -> entry(row)).optional();
    }

    /** The record as it came, but for its headers. */
    Optional<ReceivedRecord> record(long id) {
        return jdbc.sql(READ_RECORD)
                .param("id", id)
                .query((row, number) -> new ReceivedRecord(
                        row.getString("topic"),
                        row.getInt("topic_partition"),
                        row.getLong("topic_offset"),
                        row.getBytes("record_key"),
                        row.getBytes("record_value")))
                .optional();
    }

    /** Its headers as JSON; empty where it had none, or is not there. */
    Optional<String> headers(long id) {
        return jdbc.sql(READ_HEADERS).param("id", id).query(String.class).optional();
    }

    /** Returns whether it was there. */
    boolean drop(long id) {
        return jdbc.sql(DROP).param("id", id).update() == 1;
    }

    /** Drops all of a site, in small transactions. Returns how many. */
    long dropAll(Site site) {
        return inSmallTransactions(jdbc.sql(DROP_OF_SITE).param("topic", site.changesTopic()));
    }

    /** Drops what came before the moment, in small transactions. Returns how many. */
    long purge(Instant before) {
        return inSmallTransactions(jdbc.sql(PURGE).param("before", LocalDateTime.ofInstant(before, ZoneOffset.UTC)));
    }

    private long inSmallTransactions(JdbcClient.StatementSpec statement) {
        statement.param("limit", MOST_AT_ONCE);
        long all = 0;
        int dropped = MOST_AT_ONCE;
        while (dropped == MOST_AT_ONCE) {
            dropped = transactions.run(statement::update);
            all += dropped;
        }
        return all;
    }

    private static QuarantineEntry entry(ResultSet row) throws SQLException {
        String topic = row.getString("topic");
        return new QuarantineEntry(
                row.getLong("id"),
                Site.ofChangesTopic(topic).orElseThrow().name(),
                topic,
                row.getInt("topic_partition"),
                row.getLong("topic_offset"),
                UtcTime.text(
                        row.getObject("quarantined_at", LocalDateTime.class).toInstant(ZoneOffset.UTC)),
                row.getString("reason"),
                row.getString("detail"),
                row.getObject("key_size", Integer.class),
                row.getObject("value_size", Integer.class));
    }
}
