package dev.outboxsync.central;

import dev.outboxsync.event.MalformedRecordException.Problem;
import dev.outboxsync.event.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What became of a record that was read again.
 *
 * @param why for people: why it was not applied; empty when it was
 */
public record Reread(Outcome outcome, String why) {
    static final Reread APPLIED = new Reread(Outcome.APPLIED, "");
    static final Reread SUPERSEDED = new Reread(Outcome.SUPERSEDED, "");

    static Reread unreadable(Problem problem, @Nullable String field) {
        return new Reread(
                Outcome.UNREADABLE,
                "It still is no change event: " + problem + (field == null ? "" : " " + field)
                        + ". Update the centre if the relay is newer, else drop it.");
    }

    static Reread refused(Refusal refusal) {
        return new Reread(Outcome.REFUSED, "It can be read now, and is refused: " + refusal.text() + ".");
    }

    static Reread outOfPlace(String why) {
        return new Reread(Outcome.OUT_OF_PLACE, why);
    }

    /** Whether the record has nothing left to tell. */
    public boolean isDone() {
        return outcome == Outcome.APPLIED || outcome == Outcome.SUPERSEDED;
    }

    /** The kinds of ends. */
    public enum Outcome {
        /** Its row was written. */
        APPLIED,
        /** A later change of its record was there already. */
        SUPERSEDED,
        /** It is a change event, but the database or a rule does not take it. */
        REFUSED,
        /** It is no change event. */
        UNREADABLE,
        /** It means something only where it stood in its lane. */
        OUT_OF_PLACE
    }
}
