package dev.outboxsync.central;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a trigger of DB_B does, as far as its text tells. One that changes the row, or another table under sync, would make
 * DB_B another than DB_A; one that keeps a journal elsewhere does no harm.
 */
final class TriggerBody {
    private static final Pattern TEXTS = Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'");
    private static final Pattern CHANGES_ITS_ROW =
            Pattern.compile("\\bset\\b[^;]*\\bnew`?\\s*\\.[^;]*?=", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    // what a procedure does is not seen from here
    private static final Pattern CALLS = Pattern.compile("\\bcall\\b", Pattern.CASE_INSENSITIVE);

    private TriggerBody() {}

    static boolean changesSyncedRows(String body, Set<String> synced) {
        String code = TEXTS.matcher(body).replaceAll("''");
        return CHANGES_ITS_ROW.matcher(code).find()
                || CALLS.matcher(code).find()
                || synced.stream().anyMatch(table -> writes(code, table));
    }

    private static boolean writes(String code, String table) {
        String name = "(?:`?[^`\\s]+`?\\s*\\.\\s*)?`?" + Pattern.quote(table) + "`?(?![\\w$`])";
        return Pattern.compile(
                        "\\b(?:insert|replace)\\s+(?:\\w+\\s+)*?(?:into\\s+)?" + name
                                + "|\\b(?:update|delete)\\b[^;]*?[\\s,`.]" + name,
                        Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(code)
                .find();
    }
}
