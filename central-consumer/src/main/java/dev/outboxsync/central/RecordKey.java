package dev.outboxsync.central;

import dev.outboxsync.event.ChangeEvent;

/** Names a record of the centre. Compared byte by byte. */
record RecordKey(String table, String recordId) {
    static RecordKey of(ChangeEvent event) {
        return new RecordKey(event.table(), event.recordId());
    }
}
