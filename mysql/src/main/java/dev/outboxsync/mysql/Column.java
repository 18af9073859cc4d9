package dev.outboxsync.mysql;

/**
 * A column of a synced table.
 *
 * @param generated whether MySQL computes it, so that nobody may write it
 * @param longest characters that its text in a row image may have, but for escapes in JSON
 * @param definition type, character set and expression, as MySQL writes them: another one may have changed the values
 */
public record Column(String name, ColumnForm form, boolean generated, int longest, ColumnType type, String definition) {
    /** The name as SQL writes it. */
    public String quoted() {
        return Identifiers.quoted(name);
    }
}
