package dev.outboxsync.event;

/** What was done to a record. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE
}
