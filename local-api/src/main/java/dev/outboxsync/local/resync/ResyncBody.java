package dev.outboxsync.local.resync;

import dev.outboxsync.local.request.Fields;
import dev.outboxsync.local.request.Texts;
import dev.outboxsync.queue.ResyncRequest;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What to queue again.
 *
 * @param table one of SYNC_TABLES; null for all of them
 * @param from lowest value of the key's first column, as a text or a number; null for no bound
 * @param to highest value, itself included
 * @param deleteMissing whether the centre then deletes what this site delivered and no longer holds; null for no
 */
record ResyncBody(
        @Nullable String table,
        @Nullable JsonNode from,
        @Nullable JsonNode to,
        @Nullable Boolean deleteMissing) {
    private static final int LONGEST_KEY = 255;

    /**
     * The request; refused, 400, when a field is wrong.
     *
     * @param isBound whether a value can be compared with the keys of a captured table
     */
    ResyncRequest checked(List<String> captured, BiPredicate<String, String> isBound) {
        var fields = new Fields();
        String known = "must be one of the tables that are captured: " + String.join(", ", captured);
        if (table != null) {
            fields.check("table", table, "", name -> captured.contains(name) ? null : known);
        }
        Predicate<String> fits = value -> !captured.contains(table) || isBound.test(table, value);
        check(fields, "from", from, fits);
        check(fields, "to", to, fits);
        fields.demandAllGood();
        return new ResyncRequest(
                table == null ? captured : List.of(table), text(from), text(to), Boolean.TRUE.equals(deleteMissing));
    }

    private void check(Fields fields, String field, @Nullable JsonNode bound, Predicate<String> fits) {
        if (bound != null && !bound.isNull()) {
            fields.check(field, bound, bound, value -> problem(value, fits));
        }
    }

    private @Nullable String problem(JsonNode bound, Predicate<String> fits) {
        if (table == null) {
            return "is a key of one table: name the table";
        }
        boolean good = (bound.isString() || bound.isIntegralNumber())
                && !bound.asString().isEmpty()
                && bound.asString().length() <= LONGEST_KEY;
        if (!good) {
            return "must be a text or a whole number, of 1 to " + LONGEST_KEY + " characters";
        }
        if (!Texts.isStorable(bound.asString())) {
            return Texts.UNSTORABLE;
        }
        return fits.test(bound.asString()) ? null : "must be like the keys of " + table + ", of which it is one end";
    }

    private static @Nullable String text(@Nullable JsonNode bound) {
        return bound == null || bound.isNull() ? null : bound.asString();
    }
}
