package dev.outboxsync.event;

import java.time.Instant;

/**
 * One committed change of one record. (site, epoch, sequence) names it for ever.
 *
 * @param site where it was made
 * @param version its place in the site's order, and the version of the record
 * @param table name of the table
 * @param operation what was done
 * @param recordId the record's key as text, at most 255 characters, compared byte by byte
 * @param capturedAt when the trigger captured it; for people, never for order
 * @param row the whole row after the change; before it, for DELETE
 */
public record ChangeEvent(
        Site site,
        Version version,
        String table,
        Operation operation,
        String recordId,
        Instant capturedAt,
        RowImage row)
        implements LaneRecord {
    @Override
    public int epoch() {
        return version.epoch();
    }

    /** The key of the event's Kafka record. */
    public String key() {
        return key(table, recordId);
    }

    /** The key of the Kafka record of any change of this record. */
    public static String key(String table, String recordId) {
        return table + "/" + recordId;
    }
}
