package dev.outboxsync.local.resync;

import dev.outboxsync.local.start.SiteDatabase;
import dev.outboxsync.mysql.AdminDatabase;
import dev.outboxsync.queue.CaptureReport;
import dev.outboxsync.queue.ResyncRequest;
import dev.outboxsync.queue.Resyncs;
import dev.outboxsync.steering.Steers;
import dev.outboxsync.steering.problem.Problems;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ResyncController {
    private final SiteDatabase database;
    private final ResyncWork work;

    ResyncController(SiteDatabase database, ResyncWork work) {
        this.database = database;
        this.work = work;
    }

    @Steers
    @PostMapping(
            path = "/sync/resync",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResyncAccepted resync(@RequestBody ResyncBody body) {
        demandAdmin();
        List<String> captured = database.capturedTables();
        try (AdminDatabase admin = database.admin()) {
            Resyncs resyncs = ResyncWork.resyncs(admin);
            ResyncRequest request = body.checked(captured, resyncs::isBound);
            // what a person decides on, once DB_A was restored, comes before the decision
            resyncs.requestDue(captured);
            resyncs.request(request);
            work.wake();
            return new ResyncAccepted(request.tables());
        }
    }

    @Steers
    @PostMapping(path = "/sync/capture", produces = MediaType.APPLICATION_JSON_VALUE)
    CaptureAnswer capture() {
        demandAdmin();
        CaptureReport report = database.capture();
        work.wake();
        return new CaptureAnswer(database.capturedTables(), report.problems());
    }

    private void demandAdmin() {
        if (!database.hasAdmin()) {
            throw Problems.of(
                    HttpStatus.CONFLICT,
                    "This needs the admin of DB_A: start local-api with DB_A_ADMIN_USER and DB_A_ADMIN_PASSWORD.");
        }
    }

    /** @param tables whose rows are being queued; GET /sync/status tells how far */
    record ResyncAccepted(List<String> tables) {}

    /** @param refused why a table cannot be captured, and what to do, by table */
    record CaptureAnswer(List<String> captured, Map<String, String> refused) {}
}
