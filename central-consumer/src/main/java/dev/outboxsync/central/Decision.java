package dev.outboxsync.central;

import dev.outboxsync.event.Refusal;
import dev.outboxsync.mysql.TableShape;

/** What becomes of one event. */
sealed interface Decision {
    /** Its row is written. */
    record Apply(RowChange change) implements Decision {}

    /** Nothing is written, for its effect, or that of a later change of the record, is there already. */
    record Superseded() implements Decision {}

    /** What the site no longer holds is deleted. */
    record Sweeping(Sweep sweep, TableShape table) implements Decision {}

    /** Nothing is written, and the site is told why. */
    record Refuse(Refusal refusal) implements Decision {}
}
