package dev.outboxsync.campaign;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code campaign_state}: which run saw a campaign last, and whether its sync call is due. Not under sync. */
@Component
class CampaignStates {
    private static final String READ_SEEN = """
            SELECT id FROM campaign_state
            WHERE id IN (:ids) AND seen_run = :run AND seen_pass = :pass
            ORDER BY id
            """;
    private static final String SEE = """
            INSERT INTO campaign_state (id, seen_run, seen_pass, sync_state)
            VALUES (:id, :run, :pass, IF(:changed, 'DUE', 'NONE')) AS new
            ON DUPLICATE KEY UPDATE seen_run = new.seen_run, seen_pass = new.seen_pass, missed = 0,
                sync_state = IF(:changed, 'DUE', campaign_state.sync_state),
                failed_runs = IF(:changed, 0, campaign_state.failed_runs)
            """;
    private static final String COUNT_MISSED = """
            UPDATE campaign_state SET missed = missed + 1 WHERE seen_run < :run
            """;
    // by_sync_state (sync_state, id)
    private static final String READ_DUE = """
            SELECT id FROM campaign_state
            WHERE sync_state = 'DUE' AND tried_run < :run
            ORDER BY id
            LIMIT :most
            """;
    private static final String COUNT_DUE = """
            SELECT COUNT(*) FROM campaign_state WHERE sync_state = 'DUE'
            """;
    private static final String SETTLE = """
            UPDATE campaign_state SET sync_state = :state, tried_run = :run, failed_runs = 0
            WHERE id = :id AND sync_state = 'DUE'
            """;
    // MySQL assigns from left to right
    private static final String FAIL = """
            UPDATE campaign_state
            SET tried_run = :run, failed_runs = failed_runs + 1, sync_state = IF(failed_runs >= :most, 'REFUSED', 'DUE')
            WHERE id = :id AND sync_state = 'DUE'
            """;
    private static final String READ_STATE = """
            SELECT sync_state FROM campaign_state WHERE id = :id
            """;
    private static final String READ_KNOWN = """
            SELECT id FROM campaign_state WHERE id IN (:ids) ORDER BY id
            """;
    private static final String MAKE_DUE = """
            UPDATE campaign_state SET sync_state = 'DUE', tried_run = 0, failed_runs = 0 WHERE id IN (:ids)
            """;

    private final JdbcClient jdbc;

    CampaignStates(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of these that the run's pass has seen already. */
    Set<String> seen(PullRun run, Collection<String> ids) {
        return ids.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(jdbc.sql(READ_SEEN)
                        .param("ids", ids)
                        .param("run", run.id())
                        .param("pass", run.pass())
                        .query(String.class)
                        .list());
    }

    /** @param changed whether a sync call is due from now on */
    void see(PullRun run, String id, boolean changed) {
        jdbc.sql(SEE)
                .param("id", id)
                .param("run", run.id())
                .param("pass", run.pass())
                .param("changed", changed)
                .update();
    }

    /** Counts a complete run against those that it did not see. */
    void countMissed(PullRun run) {
        jdbc.sql(COUNT_MISSED).param("run", run.id()).update();
    }

    /** Campaigns whose sync call is due and was not tried by this run. */
    List<String> due(PullRun run, int most) {
        return jdbc.sql(READ_DUE)
                .param("run", run.id())
                .param("most", most)
                .query(String.class)
                .list();
    }

    long countDue() {
        return jdbc.sql(COUNT_DUE).query(Long.class).single();
    }

    /** What became of the run's sync call: NONE when confirmed, or REFUSED. */
    void settle(PullRun run, String id, SyncState state) {
        jdbc.sql(SETTLE)
                .param("state", state.name())
                .param("run", run.id())
                .param("id", id)
                .update();
    }

    /** The run's sync call has failed in all its attempts. Returns whether it was the last of so many runs that tried. */
    boolean fail(PullRun run, String id, int most) {
        jdbc.sql(FAIL)
                .param("run", run.id())
                .param("most", most)
                .param("id", id)
                .update();
        return jdbc.sql(READ_STATE).param("id", id).query(String.class).single().equals(SyncState.REFUSED.name());
    }

    /** Those of these that were ever stored. */
    List<String> known(List<String> ids) {
        return jdbc.sql(READ_KNOWN).param("ids", ids).query(String.class).list();
    }

    /** Has them synced anew. */
    void makeDue(List<String> ids) {
        jdbc.sql(MAKE_DUE).param("ids", ids).update();
    }

    enum SyncState {
        NONE,
        DUE,
        REFUSED
    }
}
