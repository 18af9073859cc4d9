package dev.outboxsync.central;

import dev.outboxsync.event.Operation;
import dev.outboxsync.event.RowImage;
import dev.outboxsync.mysql.TableShape;

/**
 * One change of one row, as the centre is to make it.
 *
 * @param statement what the remembered version suggests: UPDATE of a living record, else INSERT; whatever the site did
 * @param row holds every key column of the table, and no column that the table lacks
 */
record RowChange(Operation statement, TableShape table, RowImage row) {
    /** Changes that one statement could serve. */
    record Kind(Operation statement, String table) {}

    Kind kind() {
        return new Kind(statement, table.name());
    }
}
