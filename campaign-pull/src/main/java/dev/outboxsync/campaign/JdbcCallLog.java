package dev.outboxsync.campaign;

import dev.outboxsync.campaign.platform.CallLog;
import dev.outboxsync.mysql.Transactions;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls in table {@code campaign_call}, timed by the database's clock, and counted in the open run. */
@Component
class JdbcCallLog implements CallLog {
    private static final String READ_AGES = """
            SELECT TIMESTAMPDIFF(MICROSECOND, called_at, UTC_TIMESTAMP(6)) FROM campaign_call
            WHERE called_at > UTC_TIMESTAMP(6) - INTERVAL :micros MICROSECOND
            ORDER BY called_at
            """;
    private static final String WRITE = """
            INSERT INTO campaign_call (called_at) VALUES (UTC_TIMESTAMP(6))
            """;
    private static final String FORGET = """
            DELETE FROM campaign_call WHERE called_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY ORDER BY called_at LIMIT 10000
            """;
    private static final String COUNT = """
            UPDATE campaign_run
            SET list_calls = list_calls + :lists, sync_calls = sync_calls + :syncs, waited_ms = waited_ms + :waited
            WHERE is_open
            """;
    private static final String COUNT_FAILED = """
            UPDATE campaign_run SET refused = refused + :refused, faults = faults + 1 - :refused WHERE is_open
            """;

    private final JdbcClient jdbc;
    private final Transactions transactions;

    JdbcCallLog(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public List<Duration> ages(Duration atMost) {
        return jdbc.sql(READ_AGES).param("micros", atMost.toNanos() / 1000).query(Long.class).list().stream()
                .map(micros -> Duration.ofNanos(micros * 1000))
                .toList();
    }

    @Override
    public void calling(Call call, Duration waited) {
        transactions.runWithoutResult(() -> {
            jdbc.sql(COUNT)
                    .param("lists", call == Call.LIST ? 1 : 0)
                    .param("syncs", call == Call.SYNC ? 1 : 0)
                    .param("waited", waited.toMillis())
                    .update();
            jdbc.sql(WRITE).update();
        });
    }

    @Override
    public void failed(boolean refused) {
        transactions.runWithoutResult(
                () -> jdbc.sql(COUNT_FAILED).param("refused", refused ? 1 : 0).update());
    }

    /** Removes what counts in no window any more. */
    void forgetOld() {
        jdbc.sql(FORGET).update();
    }
}
