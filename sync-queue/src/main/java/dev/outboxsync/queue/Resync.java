package dev.outboxsync.queue;

import dev.outboxsync.event.MalformedRecordException;
import dev.outboxsync.event.RowImage;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A request's table, as {@code sync_resync} has it.
 *
 * @param since the newest change when it was requested
 * @param lastSequence the newest change when all of its rows were queued; 0 before that
 * @param cursorKey the first key that is still to be queued; null before the first piece
 */
record Resync(
        long id,
        String table,
        @Nullable String from,
        @Nullable String to,
        int sinceEpoch,
        long since,
        long lastSequence,
        boolean isCounted,
        @Nullable String cursorKey) {
    static Resync of(ResultSet row, int number) throws SQLException {
        return new Resync(
                row.getLong("id"),
                row.getString("table_name"),
                row.getString("from_key"),
                row.getString("to_key"),
                row.getInt("since_epoch"),
                row.getLong("since"),
                row.getLong("last_sequence"),
                row.getObject("row_count") != null,
                row.getString("cursor_key"));
    }

    @Nullable
    RowImage cursor() {
        return cursorKey == null ? null : image(cursorKey);
    }

    /** The image of a key. */
    static RowImage image(String json) {
        try {
            return RowImage.ofJson(json);
        } catch (MalformedRecordException e) {
            throw new IllegalStateException(e);
        }
    }
}
