package dev.outboxsync.local.repeat;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Table {@code idempotency_keys}. But for the purge, its methods run in the transaction that makes the record. */
@Repository
class FirstAnswers {
    // The primary key's lock makes a second request with this key wait until the first has committed, or is gone.
    private static final String CLAIM = """
            INSERT INTO idempotency_keys (idempotency_key, fingerprint, created_at)
            VALUES (:key, :fingerprint, UTC_TIMESTAMP(6))
            """;
    private static final String KEEP = "UPDATE idempotency_keys SET answer = :answer WHERE idempotency_key = :key";
    private static final String READ = "SELECT fingerprint, answer FROM idempotency_keys WHERE idempotency_key = :key";
    // Index by_age.
    private static final String PURGE = """
            DELETE FROM idempotency_keys
            WHERE created_at < UTC_TIMESTAMP(6) - INTERVAL :seconds SECOND
            ORDER BY created_at
            LIMIT :rows
            """;

    private final JdbcClient jdbc;

    FirstAnswers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes the key for this transaction; false if an earlier one has it. The failed statement leaves nothing behind. */
    boolean claim(IdempotencyKey key, String fingerprint) {
        try {
            return jdbc.sql(CLAIM)
                            .param("key", key.value())
                            .param("fingerprint", fingerprint)
                            .update()
                    == 1;
        } catch (DuplicateKeyException claimedBefore) {
            return false;
        }
    }

    /** Keeps what a repeat is to be told. */
    void keep(IdempotencyKey key, String answer) {
        jdbc.sql(KEEP).param("key", key.value()).param("answer", answer).update();
    }

    /** What the first request with this key asked for, and was told. */
    First read(IdempotencyKey key) {
        return jdbc.sql(READ)
                .param("key", key.value())
                .query(FirstAnswers::first)
                .single();
    }

    /** Deletes keys older than that, so many at most; returns how many. */
    int purge(Duration age, int rows) {
        return jdbc.sql(PURGE)
                .param("seconds", age.toSeconds())
                .param("rows", rows)
                .update();
    }

    private static First first(ResultSet row, int number) throws SQLException {
        return new First(row.getString("fingerprint"), Objects.requireNonNull(row.getString("answer")));
    }

    /** The first request with a key. */
    record First(String fingerprint, String answer) {}
}
