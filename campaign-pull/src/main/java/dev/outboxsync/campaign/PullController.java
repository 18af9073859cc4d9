package dev.outboxsync.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.outboxsync.event.UtcTime;
import dev.outboxsync.mysql.Transactions;
import dev.outboxsync.steering.Steers;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import dev.outboxsync.steering.request.ListQuery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.util.MultiValueMap;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The puller for people: its runs, a run now, the sync of named campaigns anew. */
@RestController
@RequestMapping(PullController.PATH)
class PullController {
    static final String PATH = "/campaign-pull";

    private static final int MOST_IDS = 1_000;

    private final Ledger ledger;
    private final RunReports reports;
    private final Transactions transactions;
    private final PullThread thread;
    private final Outage outage;
    private final PullSettings settings;

    PullController(
            Ledger ledger,
            RunReports reports,
            Transactions transactions,
            PullThread thread,
            Outage outage,
            PullSettings settings) {
        this.ledger = ledger;
        this.reports = reports;
        this.transactions = transactions;
        this.thread = thread;
        this.outage = outage;
        this.settings = settings;
    }

    /**
     * @param problem why the platform cannot be used now; null while it can
     * @param captured whether what is pulled goes on to DB_B; null where that is not known
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Runs(
            boolean running,
            @Nullable String lastSuccessAt,
            @Nullable String nextRunAt,
            @Nullable String problem,
            @Nullable Boolean captured,
            List<RunAnswer> items,
            @Nullable String next) {}

    record Retry(@Nullable List<String> ids) {}

    record Retried(int retried) {}

    @GetMapping(path = "/runs", produces = MediaType.APPLICATION_JSON_VALUE)
    Runs runs(@RequestParam MultiValueMap<String, String> parameters) {
        var query = ListQuery.of(parameters, "before");
        int limit = query.limit();
        List<RunAnswer> oneMore = reports.latest(query.number("before", Long.MAX_VALUE), limit + 1);
        List<RunAnswer> items = oneMore.subList(0, Math.min(limit, oneMore.size()));
        PullRuns runs = ledger.runs();
        return new Runs(
                runs.open().isPresent(),
                text(runs.lastSuccess()),
                text(nextRun()),
                outage.problem(),
                reports.captured(),
                items,
                oneMore.size() > limit
                        ? PATH + "/runs?before=" + items.get(limit - 1).id() + "&limit=" + limit
                        : null);
    }

    @Steers
    @PostMapping(path = "/runs", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    RunAnswer begin() {
        if (!ledger.runs().begin(PullRun.Cause.REQUESTED)) {
            throw Problems.of(
                    HttpStatus.CONFLICT, "A run is under way. GET /campaign-pull/runs tells how far it has come.");
        }
        thread.wake();
        return reports.latest(Long.MAX_VALUE, 1).get(0);
    }

    @Steers
    @PostMapping(
            path = "/retry",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Retried retry(@RequestBody Retry body) {
        if (!settings.syncCall()) {
            throw Problems.of(
                    HttpStatus.CONFLICT, "Sync calls are switched off. Set campaign-pull.sync-call to true first.");
        }
        List<String> ids = checked(body.ids());
        List<String> known = ledger.states().known(ids);
        if (known.size() < ids.size()) {
            throw Problems.of(
                    HttpStatus.NOT_FOUND,
                    "Some of these campaigns were never stored. Nothing was retried: start a run to read the list anew.",
                    new FieldProblem("ids", "holds campaigns that are not known"));
        }
        transactions.runWithoutResult(() -> ledger.states().makeDue(ids));
        // an open run takes them up by itself
        ledger.runs().begin(PullRun.Cause.RETRY);
        thread.wake();
        return new Retried(ids.size());
    }

    private static List<String> checked(@Nullable List<String> ids) {
        if (ids == null || ids.isEmpty() || ids.size() > MOST_IDS || ids.contains(null)) {
            throw bad("Name the campaigns to sync anew.", new FieldProblem("ids", "must be 1 to 1000 ids"));
        }
        return ids.stream().distinct().toList();
    }

    @ExceptionHandler
    ErrorResponse databaseAway(DataAccessException failure) {
        return unavailable();
    }

    @ExceptionHandler
    ErrorResponse databaseAway(TransactionException failure) {
        return unavailable();
    }

    private static ErrorResponseException unavailable() {
        ErrorResponseException problem =
                Problems.of(HttpStatus.SERVICE_UNAVAILABLE, "The site's database cannot be used now. Try again.");
        problem.getHeaders().set("Retry-After", "5");
        return problem;
    }

    private static ErrorResponseException bad(String detail, FieldProblem error) {
        return Problems.of(HttpStatus.BAD_REQUEST, detail, error);
    }

    /** One that is overdue begins when the open one has ended. */
    private @Nullable Instant nextRun() {
        PullRuns runs = ledger.runs();
        Instant now = runs.now();
        return runs.last()
                .map(last -> settings.nextAfter(last.startedAt()))
                .map(next -> next.isBefore(now) ? now : next)
                .orElse(null);
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null || moment.equals(Instant.MAX) ? null : UtcTime.text(moment);
    }
}
