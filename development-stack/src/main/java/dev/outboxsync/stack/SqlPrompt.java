package dev.outboxsync.stack;

import java.util.List;

/** Runs a statement in one database as a person at a prompt does. A failure is a {@link StepFailed}. */
interface SqlPrompt {
    /** Rows of the answer, every value as text; none for a statement that answers with no rows. */
    List<List<String>> run(String statement);
}
