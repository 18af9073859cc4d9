package dev.outboxsync.queue;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The lease as one row of {@code sync_lease}. */
public final class JdbcLeaderLease implements LeaderLease {
    private static final String ACQUIRE = """
            UPDATE sync_lease
            SET holder = :holder, expires_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND
            WHERE id = 1 AND (holder = :holder OR expires_at < UTC_TIMESTAMP(6))
            """;
    private static final String RELEASE = """
            UPDATE sync_lease
            SET expires_at = UTC_TIMESTAMP(6)
            WHERE id = 1 AND holder = :holder
            """;

    private final JdbcClient jdbc;
    private final String holder;
    private final Duration length;

    /** @param holder a name that no other relay has, at most 64 characters */
    public JdbcLeaderLease(JdbcClient jdbc, String holder, Duration length) {
        this.jdbc = jdbc;
        this.holder = holder;
        this.length = length;
    }

    @Override
    public boolean acquire() {
        return jdbc.sql(ACQUIRE)
                        .param("holder", holder)
                        .param("micros", length.toNanos() / 1000)
                        .update()
                == 1;
    }

    @Override
    public void release() {
        jdbc.sql(RELEASE).param("holder", holder).update();
    }
}
