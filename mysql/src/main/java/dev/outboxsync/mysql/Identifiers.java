package dev.outboxsync.mysql;

/** Names in SQL. They come from information_schema or configuration, never from an event. */
public final class Identifiers {
    private Identifiers() {}

    /** The name between backticks, those within it doubled. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
