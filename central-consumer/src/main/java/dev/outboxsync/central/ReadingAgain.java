package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;
import dev.outboxsync.event.HelloAnswer.LastReceived;
import dev.outboxsync.event.LaneRecord;
import dev.outboxsync.event.LaneRecordJson;
import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Site;
import java.util.List;

/**
 * Reads a record once more that was no change event when it came: after an update of the centre it may be one. Its lane has
 * gone on since, so that versions decide, under the site's lock, and nothing is acknowledged: the site, which has never
 * got an answer, sends the change again by itself. Safe for use by many threads.
 */
public final class ReadingAgain {
    private static final int LOOKS = 4;

    private final CentralDatabase database;

    ReadingAgain(CentralDatabase database) {
        this.database = database;
    }

    /**
     * Applies the record where it can be.
     *
     * @param site whose topic the record came from
     * @param done runs in the transaction in which the change was applied, or found to be superseded
     * @throws RuntimeException when the database cannot be used now: whether it was applied is unknown
     */
    public Reread read(Site site, ReceivedRecord received, Runnable done) {
        LaneRecord read;
        try {
            read = LaneRecordJson.read(received.value());
        } catch (MalformedRecordException e) {
            return Reread.unreadable(e.problem(), e.field());
        }
        if (!read.site().equals(site)) {
            return Reread.unreadable(MalformedRecordException.Problem.UNKNOWN_SITE, "site");
        }
        if (!(read instanceof ChangeEvent event)) {
            return Reread.outOfPlace("It is a HELLO of the site's, which has asked again since. Drop it.");
        }
        if (event.operation() == Operation.SWEEP) {
            return Reread.outOfPlace(
                    "It is a SWEEP, which deletes, and is right in its place in the lane alone. Drop it:"
                            + " the site sends it again, or POST /sync/resync there makes a new one.");
        }
        return apply(event, done);
    }

    private Reread apply(ChangeEvent event, Runnable done) {
        for (int look = 1; look < LOOKS; look++) {
            try {
                return database.transaction(centre -> apply(event, centre, true, done));
            } catch (UnexpectedStateException e) {
                // another site's transaction came between: look again
            }
        }
        return database.transaction(centre -> apply(event, centre, false, done));
    }

    /** Of a DB_A that was restored to before it, nothing that the centre asks about would show that. */
    private static boolean isYetToCome(ChangeEvent event, SiteState site) {
        LastReceived last = site.last();
        return event.epoch() == site.epoch() && (last == null || event.version().sequence() > last.sequence());
    }

    private static Reread apply(ChangeEvent event, CentralTransaction centre, boolean mayLookAgain, Runnable done) {
        SiteState site = centre.lock(event.site());
        if (event.epoch() > site.epoch()) {
            return Reread.outOfPlace(
                    "It is of an epoch that the site has not begun. Drop it if nothing else of that" + " epoch comes.");
        }
        if (isYetToCome(event, site)) {
            return Reread.outOfPlace("Nothing newer has come from the site since, so that it sends this change again by"
                    + " itself, unless its database was restored and does not hold it any more: drop it once something"
                    + " newer has come.");
        }
        centre.forgetTables();
        var decisions = new Decisions(centre, site, KnownRecords.of(List.of(event), centre), true);
        RowWriting writing = new OneByOne(centre, mayLookAgain, false);
        Decision decision = ApplyingChanges.written(event, centre, decisions, writing, new Exchange(centre, decisions));
        if (decision instanceof Decision.Refuse refuse) {
            return Reread.refused(refuse.refusal());
        }
        decisions.save();
        done.run();
        return decision instanceof Decision.Superseded ? Reread.SUPERSEDED : Reread.APPLIED;
    }
}
