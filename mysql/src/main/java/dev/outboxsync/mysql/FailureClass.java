package dev.outboxsync.mysql;

/** What a failure of the database means for whoever meets it. */
public enum FailureClass {
    /** The database cannot be used now: wait and try again for ever, in order. Nothing is wrong with the change. */
    OUTAGE,
    /** Another transaction was in the way: roll the whole transaction back and try again at once. */
    CONTENTION,
    /** This one statement can never succeed as things are: refuse the change, go on with the next. */
    REFUSAL,
    /** The server answers with an error number that is on no list: wait, unless it is seen to be of this one row. */
    UNKNOWN
}
