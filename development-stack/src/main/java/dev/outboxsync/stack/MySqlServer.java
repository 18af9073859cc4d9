package dev.outboxsync.stack;

/** A running MySQL as tests see it, whatever runs it. */
public interface MySqlServer {
    /** Creates the schema if it is missing. A name is made of lower-case letters, digits and underscores. */
    Database database(String schema);

    /** A new, empty schema with a name of its own. */
    Database freshDatabase();
}
