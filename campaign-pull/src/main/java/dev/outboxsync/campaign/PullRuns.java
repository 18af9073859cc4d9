package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.CampaignPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tables {@code campaign_run} and {@code campaign_problem}. The row of an open run is also the fence: its cursor moves only
 * from where the mover read it, so that of two processes one loses and leaves nothing.
 */
@Component
class PullRuns {
    private static final String BEGIN = """
            INSERT INTO campaign_run (cause, state, started_at)
            SELECT :cause, :state, UTC_TIMESTAMP(6) FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM campaign_run WHERE is_open)
            """;
    private static final String READ_NOW = """
            SELECT UTC_TIMESTAMP(6)
            """;
    private static final String READ = """
            SELECT id, cause, state, started_at, finished_at, pass, next_page, total, page_size, seen, unreadable, lost_pages,
                   shifted, pages, created, changed, unchanged, failed, duplicates, vanished, synced, list_calls, sync_calls,
                   faults, refused, waited_ms, problem
            FROM campaign_run
            """;
    private static final String READ_OPEN = READ + " WHERE is_open ORDER BY id LIMIT 1";
    private static final String READ_LAST = READ + " WHERE cause <> 'RETRY' ORDER BY id DESC LIMIT 1";
    private static final String READ_LATEST = READ + " WHERE id < :before ORDER BY id DESC LIMIT :most";
    private static final String READ_LAST_SUCCESS = """
            SELECT MAX(finished_at) AS finished_at FROM campaign_run
            WHERE state = 'DONE' AND cause <> 'RETRY' AND failed = 0 AND problem IS NULL
            """;
    private static final String ADVANCE = """
            UPDATE campaign_run
            SET next_page = next_page + 1, pages = pages + 1, problem = NULL,
                shifted = shifted OR :duplicates > 0 OR COALESCE(total <> :total, FALSE),
                total = COALESCE(:total, total), page_size = IF(:more OR page_size IS NULL, :size, page_size),
                seen = seen + :seen, unreadable = unreadable + :unreadable, created = created + :created,
                changed = changed + :changed, unchanged = unchanged + :unchanged, duplicates = duplicates + :duplicates
            WHERE id = :id AND state = 'PAGES' AND pass = :pass AND next_page = :page
            """;
    private static final String ADVANCE_PAST_LOST = """
            UPDATE campaign_run
            SET next_page = next_page + 1, lost_pages = lost_pages + 1
            WHERE id = :id AND state = 'PAGES' AND pass = :pass AND next_page = :page
            """;
    private static final String BEGIN_PASS = """
            UPDATE campaign_run
            SET pass = pass + 1, next_page = 1, total = NULL, seen = 0, unreadable = 0, lost_pages = 0, shifted = FALSE
            WHERE id = :id AND state = 'PAGES' AND pass = :pass
            """;
    private static final String BEGIN_SYNCS = """
            UPDATE campaign_run SET state = 'SYNCS', vanished = :vanished, problem = :problem
            WHERE id = :id AND state = 'PAGES' AND pass = :pass
            """;
    private static final String END = """
            UPDATE campaign_run
            SET state = :state, is_open = NULL, finished_at = UTC_TIMESTAMP(6), problem = COALESCE(:problem, problem)
            WHERE id = :id AND is_open
            """;
    private static final String SAY = """
            UPDATE campaign_run
            SET problem = IF(problem IS NULL OR problem LIKE 'PLATFORM_AWAY%', :problem, problem)
            WHERE id = :id AND is_open
            """;
    private static final String COUNT_SYNCED = """
            UPDATE campaign_run
            SET synced = synced + 1, problem = IF(problem LIKE 'PLATFORM_AWAY%', NULL, problem)
            WHERE id = :id AND is_open
            """;
    private static final String ADD_PROBLEM = """
            INSERT INTO campaign_problem (run_id, campaign_id, page, reason) VALUES (:run, :campaign, :page, :reason)
            """;
    private static final String COUNT_PROBLEM = """
            UPDATE campaign_run SET failed = failed + 1 WHERE id = :id AND is_open
            """;
    private static final String READ_PROBLEMS = """
            SELECT campaign_id, page, reason FROM campaign_problem WHERE run_id = :run ORDER BY id LIMIT :most
            """;
    private static final String PURGE = """
            DELETE FROM campaign_run
            WHERE is_open IS NULL AND finished_at < UTC_TIMESTAMP(6) - INTERVAL :micros MICROSECOND
            ORDER BY id LIMIT 1000
            """;
    private static final int LONGEST_REASON = 200;

    private final JdbcClient jdbc;

    PullRuns(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Begins a run; false if one is open. */
    boolean begin(PullRun.Cause cause) {
        PullRun.State first = cause == PullRun.Cause.RETRY ? PullRun.State.SYNCS : PullRun.State.PAGES;
        try {
            int begun = jdbc.sql(BEGIN)
                    .param("cause", cause.name())
                    .param("state", first.name())
                    .update();
            return begun > 0;
        } catch (DuplicateKeyException another) {
            return false;
        }
    }

    /** By the clock that times the runs. */
    Instant now() {
        return jdbc.sql(READ_NOW).query(LocalDateTime.class).single().toInstant(ZoneOffset.UTC);
    }

    Optional<PullRun> open() {
        return jdbc.sql(READ_OPEN).query(PullRuns::run).optional();
    }

    /** The run that read the list last, or reads it. */
    Optional<PullRun> last() {
        return jdbc.sql(READ_LAST).query(PullRuns::run).optional();
    }

    /** The newest first, from below that number. */
    List<PullRun> latest(long before, int most) {
        return jdbc.sql(READ_LATEST)
                .param("before", before)
                .param("most", most)
                .query(PullRuns::run)
                .list();
    }

    /** When the list was last brought whole and without a problem. */
    @Nullable
    Instant lastSuccess() {
        return jdbc.sql(READ_LAST_SUCCESS)
                .query((row, number) -> Optional.ofNullable(Utc.read(row, "finished_at")))
                .single()
                .orElse(null);
    }

    /**
     * Moves the cursor past a page that was stored, within the page's transaction.
     *
     * @throws RunLost if somebody else has moved it
     */
    void advance(PullRun run, CampaignPage page, PageResult result) {
        demandOne(cursor(ADVANCE, run)
                .param("total", page.total())
                .param("size", page.size())
                .param("more", page.hasMore())
                .param("seen", result.newlySeen)
                .param("unreadable", result.unreadable)
                .param("created", result.created)
                .param("changed", result.changed)
                .param("unchanged", result.unchanged)
                .param("duplicates", result.duplicates)
                .update());
        result.problems.forEach(problem -> add(run, problem));
    }

    /** Moves it past one that could not be had. */
    void advancePastLost(PullRun run) {
        demandOne(cursor(ADVANCE_PAST_LOST, run).update());
    }

    private JdbcClient.StatementSpec cursor(String statement, PullRun run) {
        return jdbc.sql(statement)
                .param("id", run.id())
                .param("pass", run.pass())
                .param("page", run.nextPage());
    }

    void beginPass(PullRun run) {
        demandOne(jdbc.sql(BEGIN_PASS)
                .param("id", run.id())
                .param("pass", run.pass())
                .update());
    }

    void beginSyncs(PullRun run, int vanished, @Nullable String problem) {
        demandOne(jdbc.sql(BEGIN_SYNCS)
                .param("id", run.id())
                .param("pass", run.pass())
                .param("vanished", vanished)
                .param("problem", problem)
                .update());
    }

    /** @param problem null leaves the one that stands there */
    void end(PullRun run, PullRun.State state, @Nullable String problem) {
        demandOne(jdbc.sql(END)
                .param("id", run.id())
                .param("state", state.name())
                .param("problem", problem)
                .update());
    }

    /** Says why the run waits, until a call succeeds again; what is wrong with its list stays said. */
    void say(PullRun run, String problem) {
        jdbc.sql(SAY).param("id", run.id()).param("problem", problem).update();
    }

    void countSynced(PullRun run) {
        demandOne(jdbc.sql(COUNT_SYNCED).param("id", run.id()).update());
    }

    /** Writes down what was given up. */
    void add(PullRun run, PageResult.Problem problem) {
        demandOne(jdbc.sql(COUNT_PROBLEM).param("id", run.id()).update());
        String reason = problem.reason();
        jdbc.sql(ADD_PROBLEM)
                .param("run", run.id())
                .param("campaign", problem.campaign())
                .param("page", problem.page())
                .param("reason", reason.substring(0, Math.min(reason.length(), LONGEST_REASON)))
                .update();
    }

    List<PageResult.Problem> problems(PullRun run, int most) {
        return jdbc.sql(READ_PROBLEMS)
                .param("run", run.id())
                .param("most", most)
                .query((row, number) -> new PageResult.Problem(
                        row.getString("campaign_id"), row.getObject("page", Integer.class), row.getString("reason")))
                .list();
    }

    void purge(Duration keep) {
        jdbc.sql(PURGE).param("micros", keep.toNanos() / 1000).update();
    }

    private static void demandOne(int rows) {
        if (rows != 1) {
            throw new RunLost();
        }
    }

    private static PullRun run(ResultSet row, int number) throws SQLException {
        return new PullRun(
                row.getLong("id"),
                PullRun.Cause.valueOf(row.getString("cause")),
                PullRun.State.valueOf(row.getString("state")),
                Objects.requireNonNull(Utc.read(row, "started_at")),
                Utc.read(row, "finished_at"),
                row.getInt("pass"),
                row.getInt("next_page"),
                row.getObject("total", Long.class),
                row.getObject("page_size", Integer.class),
                row.getLong("seen"),
                row.getLong("unreadable"),
                row.getInt("lost_pages"),
                row.getBoolean("shifted"),
                row.getInt("pages"),
                row.getLong("created"),
                row.getLong("changed"),
                row.getLong("unchanged"),
                row.getLong("failed"),
                row.getLong("duplicates"),
                row.getLong("vanished"),
                row.getLong("synced"),
                row.getLong("list_calls"),
                row.getLong("sync_calls"),
                row.getLong("faults"),
                row.getLong("refused"),
                row.getLong("waited_ms"),
                row.getString("problem"));
    }

    /** Another process has gone on with this run. */
    static final class RunLost extends RuntimeException {}
}
