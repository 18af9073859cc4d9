package dev.outboxsync.local.capture;

import dev.outboxsync.local.repeat.Repeats;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.queue.CaptureTrigger;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.QueueReport;
import dev.outboxsync.steering.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Writes records in one transaction with their entry of the queue. The table's triggers make the entry; this class sees
 * to it that they did.
 */
@Component
public class CapturedWrites {
    // Connections are pooled: what an earlier write left in the session must not be taken for this one's.
    private static final String FORGET_ENTRY =
            "SET " + CaptureTrigger.ENTRY_VARIABLE + " = NULL, " + CaptureTrigger.TRACE_VARIABLE + " = :traceparent";
    private static final String READ_ENTRY = "SELECT " + CaptureTrigger.ENTRY_VARIABLE;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final QueueReport queue;
    private final HttpServletRequest request;
    private final Repeats repeats;

    /** @param request stands for the request of whatever thread asks it */
    CapturedWrites(
            JdbcClient jdbc,
            Transactions transactions,
            QueueReport queue,
            HttpServletRequest request,
            Repeats repeats) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.queue = queue;
        this.request = request;
        this.repeats = repeats;
    }

    /**
     * Runs the write, which changes one record, and commits it with its entry. What the write throws rolls both back.
     *
     * @param write is run again after contention
     * @throws ErrorResponseException 503 when nothing captured the write; it is rolled back
     * @throws org.springframework.dao.DataAccessException when the database refuses or fails; nothing is left of it
     */
    public <T> Captured<T> run(Supplier<T> write) {
        return transactions.run(() -> captured(write));
    }

    /**
     * As {@link #run}, for a record that is new: under one Idempotency-Key it is written once.
     *
     * @param fields what the client says of the record
     * @param type of the record, which must survive JSON
     */
    public <T> Captured<T> runOnce(Object fields, Class<T> type, Supplier<T> write) {
        JavaType answer = TypeFactory.createDefaultInstance().constructParametricType(Captured.class, type);
        return transactions.run(() -> repeats.<Captured<T>>once(fields, answer, () -> captured(write)));
    }

    private <T> Captured<T> captured(Supplier<T> write) {
        @Nullable String traceparent = TraceParent.valid(request.getHeader("traceparent"));
        jdbc.sql(FORGET_ENTRY).param("traceparent", traceparent).update();
        T result = write.get();
        return new Captured<>(result, Sync.of(entry()));
    }

    private QueueEntry entry() {
        return jdbc.sql(READ_ENTRY)
                .query(Long.class)
                .optional()
                .flatMap(queue::find)
                .orElseThrow(CapturedWrites::uncaptured);
    }

    private static ErrorResponseException uncaptured() {
        ErrorResponseException problem = Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Changes of this table are not captured now, so nothing was written. Start local-api anew with"
                        + " DB_A_ADMIN_USER set: it makes the missing triggers.");
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "30");
        return problem;
    }
}
