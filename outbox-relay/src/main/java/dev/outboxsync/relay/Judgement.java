package dev.outboxsync.relay;

import dev.outboxsync.event.Acknowledgement;
import dev.outboxsync.event.HelloAnswer;
import dev.outboxsync.queue.ResyncDue;
import dev.outboxsync.queue.SiteStanding;

/**
 * Which database went back in time: restored from a backup, or made anew. The site judges, by what the centre remembers of
 * it and what DB_A holds at that moment; the age of a single record proves nothing (decision 17).
 */
enum Judgement {
    SAME,
    /** DB_A; perhaps DB_B as well. */
    SITE_WENT_BACK,
    /** DB_B alone: DB_A holds all that the centre knows of. */
    CENTRE_WENT_BACK;

    /** @param holdsLast whether DB_A holds the change that the centre says came last */
    static Judgement of(Acknowledgement acknowledgement, HelloAnswer answer, SiteStanding standing, boolean holdsLast) {
        if (acknowledgement.epoch() > standing.epoch()
                || answer.told() > standing.seen().number()
                || !holdsLast) {
            return SITE_WENT_BACK;
        }
        return answer.remembers() ? SAME : CENTRE_WENT_BACK;
    }

    /** What the new epoch has to send again. */
    ResyncDue due() {
        return this == CENTRE_WENT_BACK ? ResyncDue.ROWS_AND_SWEEP : ResyncDue.ROWS;
    }
}
