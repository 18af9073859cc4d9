package dev.outboxsync.mysql;

/** A column of a synced table. */
public record Column(String name, ColumnForm form) {
    /** The name as SQL writes it. */
    public String quoted() {
        return Identifiers.quoted(name);
    }
}
