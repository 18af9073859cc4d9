package dev.outboxsync.local.status;

import dev.outboxsync.local.LocalApiProperties;
import dev.outboxsync.local.relay.Relay;
import dev.outboxsync.local.start.SiteDatabase;
import dev.outboxsync.queue.QueueEntry;
import dev.outboxsync.queue.QueueReport;
import dev.outboxsync.queue.ResyncReport;
import dev.outboxsync.queue.SyncStatus;
import dev.outboxsync.steering.request.ListQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StatusController {
    private static final String PATH = "/sync/status";
    private static final int MOST_RESYNCS = 20;

    private final QueueReport queue;
    private final Relay relay;
    private final ResyncReport resyncs;
    private final SiteDatabase database;
    private final LocalApiProperties properties;

    StatusController(
            QueueReport queue,
            Relay relay,
            ResyncReport resyncs,
            SiteDatabase database,
            LocalApiProperties properties) {
        this.queue = queue;
        this.relay = relay;
        this.resyncs = resyncs;
        this.database = database;
        this.properties = properties;
    }

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    StatusAnswer status(@RequestParam MultiValueMap<String, String> parameters) {
        var query = ListQuery.of(parameters, "status", "before");
        SyncStatus status = query.constant("status", SyncStatus.class).orElse(null);
        int limit = query.limit();
        List<QueueEntry> oneMore = queue.list(status, query.number("before", Long.MAX_VALUE), limit + 1);
        List<QueueEntry> entries = oneMore.subList(0, Math.min(limit, oneMore.size()));
        String next =
                oneMore.size() > limit ? next(status, entries.get(limit - 1).id(), limit) : null;
        return StatusAnswer.of(queue.totals(), relay.online(), tables(), resyncs(), entries, next);
    }

    private List<TableAnswer> tables() {
        return database.isLookedAt()
                ? TableAnswer.of(properties.syncTables(), database.captured())
                : TableAnswer.unknown(properties.syncTables());
    }

    private List<ResyncAnswer> resyncs() {
        return resyncs.list(MOST_RESYNCS).stream().map(ResyncAnswer::of).toList();
    }

    private static String next(@Nullable SyncStatus status, long before, int limit) {
        return PATH + "?" + (status == null ? "" : "status=" + status + "&") + "before=" + before + "&limit=" + limit;
    }
}
