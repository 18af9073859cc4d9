package dev.outboxsync.queue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code sync_resync} for people, and for whoever does the work. Reads only, without locks. */
public final class ResyncReport {
    private static final String HAS_WORK = "SELECT EXISTS (SELECT 1 FROM sync_resync WHERE state = 'QUEUEING')"
            + " OR EXISTS (SELECT 1 FROM sync_site WHERE resync_due IS NOT NULL) OR EXISTS (SELECT 1 FROM (SELECT id FROM"
            + " sync_resync " + Resyncs.READ_WAITING + ") AS ready)";
    private static final String LIST = """
            SELECT table_name, cause, state, row_count, queued, delete_missing, requested_at, finished_at, problem
            FROM sync_resync
            ORDER BY id DESC
            LIMIT :limit
            """;

    private final JdbcClient jdbc;

    public ResyncReport(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether {@link Resyncs#goOn} would find something to do now. */
    public boolean hasWork() {
        return jdbc.sql(HAS_WORK).query(Boolean.class).single();
    }

    /** The latest, the newest first. */
    public List<ResyncProgress> list(int limit) {
        return jdbc.sql(LIST)
                .param("limit", limit)
                .query((row, number) -> new ResyncProgress(
                        row.getString("table_name"),
                        ResyncCause.valueOf(row.getString("cause")),
                        row.getString("state"),
                        row.getObject("row_count", Long.class),
                        row.getLong("queued"),
                        row.getBoolean("delete_missing"),
                        row.getObject("requested_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        moment(row.getObject("finished_at", LocalDateTime.class)),
                        row.getString("problem")))
                .list();
    }

    private static @Nullable Instant moment(@Nullable LocalDateTime time) {
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}
