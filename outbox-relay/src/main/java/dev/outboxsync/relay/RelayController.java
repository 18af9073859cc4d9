package dev.outboxsync.relay;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.outboxsync.event.UtcTime;
import dev.outboxsync.queue.JdbcSiteState;
import dev.outboxsync.steering.Steers;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The relay for people: how it stands, the switch, a cycle now. */
@RestController
@RequestMapping("/relay")
class RelayController {
    private static final Duration LONGEST_CYCLE = Duration.ofMinutes(5);

    private final RelayLane lane;
    private final JdbcSiteState siteState;
    private final RelaySettings settings;

    RelayController(RelayLane lane, JdbcSiteState siteState, RelaySettings settings) {
        this.lane = lane;
        this.siteState = siteState;
        this.settings = settings;
    }

    record Cycle(
            @JsonProperty("started_at") String startedAt,
            @JsonProperty("took_ms") long tookMs,
            @JsonProperty("published") long published) {
        static @Nullable Cycle of(@Nullable CycleReport report) {
            return report == null
                    ? null
                    : new Cycle(UtcTime.text(report.startedAt()), report.took().toMillis(), report.published());
        }
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record State(
            @JsonProperty("site") String site,
            @JsonProperty("online") boolean online,
            @JsonProperty("leading") boolean leading,
            @JsonProperty("in_flight") int inFlight,
            @JsonProperty("last_cycle") @Nullable Cycle lastCycle,
            @JsonProperty("next_cycle_at") @Nullable String nextCycleAt) {}

    record Switch(@JsonProperty("online") @Nullable Boolean online) {}

    record Run(
            @JsonProperty("published") long published,
            @JsonProperty("took_ms") long tookMs) {}

    @GetMapping
    State state() {
        LaneReport report = lane.report();
        boolean online = siteState.online();
        return new State(
                settings.site(),
                online,
                report.leading(),
                report.inFlight(),
                Cycle.of(report.lastCycle()),
                online && report.nextCycleAt().isBefore(Instant.MAX) ? UtcTime.text(report.nextCycleAt()) : null);
    }

    @Steers
    @PutMapping(path = "/online", consumes = MediaType.APPLICATION_JSON_VALUE)
    State turn(@RequestBody Switch wanted) {
        if (wanted.online() == null) {
            throw Problems.of(
                    HttpStatus.BAD_REQUEST,
                    "Say whether the site is to be online.",
                    new FieldProblem("online", "must be true or false"));
        }
        siteState.turn(wanted.online());
        lane.readSwitchSoon();
        return state();
    }

    @Steers
    @PostMapping("/run")
    Run run() throws InterruptedException {
        CycleReport report = cycle();
        switch (report.outcome()) {
            case OFFLINE ->
                throw Problems.of(
                        HttpStatus.CONFLICT,
                        "The site is offline. Switch it on with PUT /relay/online {\"online\": true}.");
            case STANDING_BY ->
                throw Problems.of(
                        HttpStatus.CONFLICT,
                        "Another relay leads this site; this one stands by. Ask the one that leads.");
            case UNREACHABLE ->
                throw unavailable(Objects.requireNonNullElse(lane.report().problem(), "Kafka cannot be reached")
                        + ". The relay tries again by itself.");
            case UNANSWERED ->
                throw unavailable("The centre does not answer, and nothing is published before it has. The changes are"
                        + " kept, and the relay goes on by itself.");
            case SEND_FAILED ->
                throw unavailable(
                        "Kafka did not confirm all changes. They are kept, and the relay sends them again by itself.");
            default -> {
                return new Run(report.published(), report.took().toMillis());
            }
        }
    }

    private CycleReport cycle() throws InterruptedException {
        try {
            return lane.requestCycle().get(LONGEST_CYCLE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw unavailable("The cycle is still on its way. GET /relay tells how it ended.");
        } catch (ExecutionException e) {
            throw unavailable(
                    e.getCause() instanceof DataAccessException || e.getCause() instanceof TransactionException
                            ? "The site's database cannot be used now. The relay tries again by itself."
                            : "The cycle failed, or the relay is being stopped: its log says why.");
        }
    }

    @ExceptionHandler
    ErrorResponse databaseAway(DataAccessException failure, HttpMethod method) {
        return unavailable("The site's database cannot be used now. "
                + (method.equals(HttpMethod.PUT)
                        ? "Whether the switch was turned is not known: GET /relay tells, when it is back."
                        : "Nothing was changed: try again."));
    }

    private static ErrorResponseException unavailable(String detail) {
        ErrorResponseException problem = Problems.of(HttpStatus.SERVICE_UNAVAILABLE, detail);
        problem.getHeaders().set("Retry-After", "5");
        return problem;
    }
}
