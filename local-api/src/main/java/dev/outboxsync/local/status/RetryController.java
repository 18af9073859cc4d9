package dev.outboxsync.local.status;

import dev.outboxsync.queue.FailedChanges;
import dev.outboxsync.queue.QueueReport;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.steering.Steers;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RetryController {
    private final FailedChanges failed;
    private final QueueReport queue;

    RetryController(FailedChanges failed, QueueReport queue) {
        this.failed = failed;
        this.queue = queue;
    }

    @Steers
    @PostMapping(
            path = "/sync/retry",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    RetryAnswer retry(@RequestBody RetryBody body) {
        if (body.ids() == null) {
            return new RetryAnswer(failed.retryAll());
        }
        List<Long> ids = body.checkedIds();
        demandRetriable(ids);
        return new RetryAnswer(failed.retry(ids));
    }

    /** What is SYNCED stays so, and what is PENDING is being tried: asking for the latter again does no harm. */
    private void demandRetriable(List<Long> ids) {
        Map<Long, SyncStatus> statuses = queue.statuses(ids);
        List<Long> unknown =
                ids.stream().filter(id -> !statuses.containsKey(id)).toList();
        if (!unknown.isEmpty()) {
            throw Problems.of(
                    HttpStatus.NOT_FOUND,
                    "Some entries do not exist. Nothing was retried: leave these out. GET /sync/status?status=FAILED lists what can be.",
                    new FieldProblem("ids", "does not exist: " + unknown));
        }
        List<Long> synced =
                ids.stream().filter(id -> statuses.get(id) == SyncStatus.SYNCED).toList();
        if (!synced.isEmpty()) {
            throw Problems.of(
                    HttpStatus.CONFLICT,
                    "Some entries are SYNCED already. Nothing was retried: leave these out.",
                    new FieldProblem("ids", "is SYNCED: " + synced));
        }
    }

    /** @param retried how many entries became PENDING again */
    record RetryAnswer(int retried) {}
}
