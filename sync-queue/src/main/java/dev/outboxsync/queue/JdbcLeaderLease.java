package dev.outboxsync.queue;

import dev.outboxsync.mysql.Identifiers;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A lease as the one row of {@code sync_lease}, or of a table like it. Every extension writes another beat and demands the
 * last one, so that a database that was restored under a running relay is not taken for the one it knew. Used by one thread.
 */
public final class JdbcLeaderLease implements LeaderLease {
    private static final String EXTEND = """
            UPDATE %s
            SET beat = :next, expires_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND
            WHERE id = 1 AND holder = :holder AND beat BETWEEN :written AND :tried AND expires_at >= UTC_TIMESTAMP(6)
            """;
    private static final String TAKE = """
            UPDATE %s
            SET holder = :holder, beat = :next, expires_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND
            WHERE id = 1 AND (holder = :holder OR expires_at < UTC_TIMESTAMP(6))
            """;
    private static final String READ = """
            SELECT EXISTS (
              SELECT 1 FROM %s
              WHERE id = 1 AND holder = :holder AND beat BETWEEN :written AND :tried AND expires_at >= UTC_TIMESTAMP(6))
            """;
    private static final String RELEASE = """
            UPDATE %s
            SET expires_at = UTC_TIMESTAMP(6)
            WHERE id = 1 AND holder = :holder
            """;

    private final JdbcClient jdbc;
    private final String table;
    private final String holder;
    private final Duration length;
    // of an extension whose commit was not heard of, the beat may have been written
    private long written = 1;
    private long tried;

    /** @param holder a name that no other relay has, nor this one before it was started; at most 64 characters */
    public JdbcLeaderLease(JdbcClient jdbc, String holder, Duration length) {
        this(jdbc, "sync_lease", holder, length);
    }

    /**
     * The lease of another service.
     *
     * @param table made like {@code sync_lease}
     */
    public JdbcLeaderLease(JdbcClient jdbc, String table, String holder, Duration length) {
        this.jdbc = jdbc;
        this.table = Identifiers.quoted(table);
        this.holder = holder;
        this.length = length;
    }

    @Override
    public LeaseHold acquire() {
        if (write(EXTEND)) {
            return LeaseHold.EXTENDED;
        }
        // taken and not heard of, it is no beat to go on from: the next attempt gains it
        written = Long.MAX_VALUE;
        return write(TAKE) ? LeaseHold.GAINED : LeaseHold.NONE;
    }

    private boolean write(String statement) {
        long last = tried;
        long next = ++tried;
        boolean done = jdbc.sql(statement.formatted(table))
                        .param("holder", holder)
                        .param("written", written)
                        .param("tried", last)
                        .param("next", next)
                        .param("micros", length.toNanos() / 1000)
                        .update()
                == 1;
        written = done ? next : written;
        return done;
    }

    @Override
    public boolean stands() {
        return jdbc.sql(READ.formatted(table))
                .param("holder", holder)
                .param("written", written)
                .param("tried", tried)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void release() {
        jdbc.sql(RELEASE.formatted(table)).param("holder", holder).update();
    }
}
