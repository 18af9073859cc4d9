package dev.outboxsync.central.quarantine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.outboxsync.central.ReadingAgain;
import dev.outboxsync.central.ReceivedRecord;
import dev.outboxsync.central.Reread;
import dev.outboxsync.event.MalformedRecordException.Problem;
import dev.outboxsync.event.Site;
import dev.outboxsync.steering.Steers;
import dev.outboxsync.steering.problem.FieldProblem;
import dev.outboxsync.steering.problem.Problems;
import dev.outboxsync.steering.request.ListQuery;
import dev.outboxsync.steering.request.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The quarantine for people: see, export, retry, drop. All of it under the token, for it shows people's data. */
@RestController
@RequestMapping(QuarantineController.PATH)
class QuarantineController {
    static final String PATH = "/quarantine";

    private static final String SITE = "site";
    private static final Pattern SITE_NAME = Pattern.compile("[a-z0-9-]{1,40}");

    private final QuarantineEntries entries;
    private final ReadingAgain reading;

    QuarantineController(QuarantineEntries entries, ReadingAgain reading) {
        this.entries = entries;
        this.reading = reading;
    }

    /** @param next the address of the older ones; null at the list's end */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entries(
            @JsonProperty("items") List<QuarantineEntry> items,
            @JsonProperty("next") @Nullable String next) {}

    /** @param headers each as name and value in hexadecimal */
    record WholeEntry(
            @JsonUnwrapped QuarantineEntry entry,
            @JsonProperty("headers") @JsonRawValue String headers) {}

    record Retried(
            @JsonProperty("id") long id,
            @JsonProperty("outcome") Reread.Outcome outcome) {}

    record Dropped(@JsonProperty("dropped") long dropped) {}

    @Steers
    @GetMapping
    Entries list(@RequestParam MultiValueMap<String, String> parameters) {
        var query = ListQuery.of(parameters, SITE, "before");
        Site site = site(query).orElse(null);
        int limit = query.limit();
        List<QuarantineEntry> oneMore = entries.list(site, query.number("before", Long.MAX_VALUE), limit + 1);
        List<QuarantineEntry> items = oneMore.subList(0, Math.min(limit, oneMore.size()));
        boolean more = oneMore.size() > limit;
        return new Entries(items, more ? next(site, items.get(limit - 1).id(), limit) : null);
    }

    private static String next(@Nullable Site site, long before, int limit) {
        return PATH + "?" + (site == null ? "" : SITE + "=" + site + "&") + "before=" + before + "&limit=" + limit;
    }

    private static Optional<Site> site(ListQuery query) {
        return query.text(SITE, SITE_NAME, "must be 1 to 40 of a-z, 0-9 and -").map(Site::new);
    }

    @Steers
    @GetMapping("/{id}")
    WholeEntry entry(@PathVariable String id) {
        long number = RecordId.inPath(id);
        QuarantineEntry found = entries.find(number).orElseThrow(QuarantineController::notThere);
        return new WholeEntry(found, entries.headers(number).orElse("[]"));
    }

    @Steers
    @GetMapping("/{id}/value")
    ResponseEntity<byte[]> value(@PathVariable String id) {
        return export(id, "value", ReceivedRecord::value);
    }

    @Steers
    @GetMapping("/{id}/key")
    ResponseEntity<byte[]> key(@PathVariable String id) {
        return export(id, "key", ReceivedRecord::key);
    }

    private ResponseEntity<byte[]> export(String id, String part, Function<ReceivedRecord, byte @Nullable []> bytes) {
        long number = RecordId.inPath(id);
        byte[] exported = bytes.apply(entries.record(number).orElseThrow(QuarantineController::notThere));
        if (exported == null) {
            throw Problems.of(
                    HttpStatus.NOT_FOUND, "The record came without a " + part + ", so there is none to show.");
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        "Content-Disposition",
                        ContentDisposition.attachment()
                                .filename("quarantine-" + number + "." + part)
                                .build()
                                .toString())
                .body(exported);
    }

    @Steers
    @PostMapping("/{id}/retry")
    Retried retry(@PathVariable String id) {
        long number = RecordId.inPath(id);
        ReceivedRecord received = entries.record(number).orElseThrow(QuarantineController::notThere);
        Site site = Site.ofChangesTopic(received.topic()).orElseThrow();
        Reread reread = reading.read(site, received, () -> entries.drop(number));
        if (!reread.isDone()) {
            throw Problems.of(HttpStatus.CONFLICT, why(number, reread) + " It stays in the quarantine.");
        }
        return new Retried(number, reread.outcome());
    }

    private String why(long number, Reread reread) {
        boolean wasCut = reread.outcome() == Reread.Outcome.UNREADABLE
                && entries.find(number)
                        .filter(entry -> entry.reason().equals(Problem.TOO_LARGE.name()))
                        .isPresent();
        return wasCut
                ? "It was too large, and what is kept is the beginning of it, which nobody can apply. Have its site"
                        + " write the row anew, then drop this entry."
                : reread.why();
    }

    @Steers
    @DeleteMapping("/{id}")
    Dropped drop(@PathVariable String id) {
        if (!entries.drop(RecordId.inPath(id))) {
            throw notThere();
        }
        return new Dropped(1);
    }

    @Steers
    @DeleteMapping
    Dropped dropAll(@RequestParam MultiValueMap<String, String> parameters) {
        Site site = site(ListQuery.only(parameters, List.of(SITE)))
                .orElseThrow(() -> Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "Say whose entries are to be dropped: DELETE /quarantine?site=site-1.",
                        new FieldProblem(SITE, "must be given")));
        return new Dropped(entries.dropAll(site));
    }

    private static ErrorResponseException notThere() {
        return Problems.of(
                HttpStatus.NOT_FOUND,
                "The quarantine has no entry with this id. There was none, or it was dropped, retried or purged. GET"
                        + " /quarantine lists those that are there.");
    }
}
