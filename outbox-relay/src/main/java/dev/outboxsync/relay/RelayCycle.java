package dev.outboxsync.relay;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.ChangeEventJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Refusal;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.event.Site;
import dev.outboxsync.event.Version;
import dev.outboxsync.queue.QueuedChange;
import dev.outboxsync.relay.CycleReport.Outcome;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done at every tick, page by page: read what is PENDING from the oldest on, publish it in order. Rows stay
 * PENDING: only an acknowledgement changes that. No transaction is open while the log is spoken to.
 */
final class RelayCycle {
    private static final Logger LOG = LoggerFactory.getLogger(RelayCycle.class);
    private static final int SMALLEST_PAGE = 50;
    private static final String NOT_CONFIRMED = "NOT_CONFIRMED: Kafka did not confirm it; sent again by itself";

    private final Site name;
    private final SiteDatabase site;
    private final ChangePublisher publisher;
    private final InFlight inFlight;
    private final LaneSettings settings;
    private final Clock clock;
    private int pageRows;
    private int window;

    RelayCycle(
            Site name,
            SiteDatabase site,
            ChangePublisher publisher,
            InFlight inFlight,
            LaneSettings settings,
            Clock clock) {
        this.name = name;
        this.site = site;
        this.publisher = publisher;
        this.inFlight = inFlight;
        this.settings = settings;
        this.clock = clock;
        this.pageRows = settings.pageRows();
        this.window = settings.window();
    }

    /** Whether so much waits for its acknowledgement that no more is sent. */
    boolean windowFull() {
        return inFlight.awaited() >= window;
    }

    /** The centre is silent: each round of repeats is half as long, so that they do not fill the log while it is away. */
    void unanswered() {
        window = Math.max(Math.min(SMALLEST_PAGE, settings.window()), window / 2);
    }

    /** The centre answers. */
    void answered() {
        window = Math.min(settings.window(), window * 2);
    }

    /**
     * Reads the next page; nothing where the window is full.
     *
     * @param cycle number of the cycle: within one, a change is sent once
     * @param newest the newest change that belongs to the cycle
     */
    Draft read(long cycle, long newest) {
        if (windowFull()) {
            return Draft.EMPTY;
        }
        // before the rows: of a database that is restored in between they would bear the epoch that begins then
        int epoch = site.state().epoch();
        int room = Math.min(pageRows, window - inFlight.awaited());
        InFlight.Held held = inFlight.held(cycle);
        List<Long> sendable = site.queue().pending(newest, held.runs(), held.others() + room).stream()
                .filter(id -> inFlight.maySend(id, cycle))
                .limit(room)
                .toList();
        if (sendable.isEmpty()) {
            return Draft.EMPTY;
        }
        List<QueuedChange> changes = site.queue().read(sendable, settings.pageLimit());
        if (changes.size() < sendable.size()) {
            // Their payloads are large: the next page asks for no more rows than it will hold.
            pageRows = Math.max(1, changes.size());
        }
        return new Draft(epoch, changes);
    }

    /** Publishes a page, under the number of the cycle for which it was read. */
    Page publish(Draft draft, long cycle) {
        if (draft.equals(Draft.EMPTY)) {
            return new Page(windowFull() ? Outcome.WINDOW_FULL : Outcome.DRAINED, 0);
        }
        int epoch = draft.epoch();
        List<OutgoingChange> page = new ArrayList<>(draft.changes().size());
        for (QueuedChange change : draft.changes()) {
            if (change.payload() == null) {
                refuse(change.id(), Reason.TOO_LARGE, epoch);
            } else if (change.recordId().isEmpty()) {
                // an empty text as key: the centre takes no record without a name
                refuse(change.id(), Reason.INVALID_VALUE, epoch);
            } else {
                outgoing(change, change.payload(), epoch).ifPresent(page::add);
            }
        }
        Publication publication = page.isEmpty() ? Publication.NOTHING : publisher.publish(page);
        inFlight.published(publication.confirmed(), cycle, clock.instant().plus(settings.acknowledgementTimeout()));
        inFlight.gaveUp(publication.unconfirmed(), cycle);
        publication.tooLarge().forEach(sequence -> refuse(sequence, Reason.TOO_LARGE, epoch));
        return concluded(publication);
    }

    private Page concluded(Publication publication) {
        int confirmed = publication.confirmed().size();
        if (publication.failure() == null) {
            pageRows = Math.min(settings.pageRows(), pageRows * 2);
            return new Page(Outcome.SENT, confirmed);
        }
        // On a slow link smaller pages are confirmed in time.
        pageRows = Math.max(Math.min(SMALLEST_PAGE, settings.pageRows()), pageRows / 2);
        site.queue().attemptFailed(publication.unconfirmed(), NOT_CONFIRMED);
        LOG.warn(
                "Site {}: Kafka did not confirm {} change(s): {}",
                name,
                publication.unconfirmed().size(),
                publication.failure());
        return new Page(Outcome.SEND_FAILED, confirmed);
    }

    private Optional<OutgoingChange> outgoing(QueuedChange change, String payload, int epoch) {
        try {
            var event = new ChangeEvent(
                    name,
                    new Version(epoch, change.id()),
                    change.table(),
                    change.operation(),
                    change.recordId(),
                    change.capturedAt(),
                    RowImage.ofJson(payload));
            return Optional.of(
                    new OutgoingChange(change.id(), event.key(), ChangeEventJson.write(event), change.traceparent()));
        } catch (MalformedRecordException e) {
            // Nobody but a trigger should have written it, but a single bad row must not hold up the lane.
            refuse(change.id(), Reason.INVALID_VALUE, epoch);
            return Optional.empty();
        }
    }

    private void refuse(long sequence, Reason reason, int epoch) {
        LOG.error("Site {}: change {} can never be sent ({}) and is FAILED; see /sync/status", name, sequence, reason);
        site.queue().refuse(epoch, new Refusal(sequence, reason, null));
    }

    /** A page that was read, and the epoch in which it goes out. */
    record Draft(int epoch, List<QueuedChange> changes) {
        /** Nothing to send. */
        static final Draft EMPTY = new Draft(0, List.of());
    }

    /** What became of a page. */
    record Page(Outcome outcome, int confirmed) {}
}
