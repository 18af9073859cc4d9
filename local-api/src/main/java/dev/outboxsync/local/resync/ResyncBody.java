package dev.outboxsync.local.resync;

import dev.outboxsync.local.request.Fields;
import dev.outboxsync.queue.ResyncRequest;
import java.util.List;
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

    /** The request; refused, 400, when a field is wrong. */
    ResyncRequest checked(List<String> captured) {
        var fields = new Fields();
        String known = "must be one of the tables that are captured: " + String.join(", ", captured);
        if (table != null) {
            fields.check("table", table, "", name -> captured.contains(name) ? null : known);
        }
        check(fields, "from", from);
        check(fields, "to", to);
        fields.demandAllGood();
        return new ResyncRequest(
                table == null ? captured : List.of(table), text(from), text(to), Boolean.TRUE.equals(deleteMissing));
    }

    private @Nullable String problemOfBound(JsonNode bound) {
        if (table == null) {
            return "is a key of one table: name the table";
        }
        boolean good = (bound.isString() || bound.isIntegralNumber())
                && bound.asString().length() <= LONGEST_KEY;
        return good ? null : "must be a text or a whole number, of at most " + LONGEST_KEY + " characters";
    }

    private void check(Fields fields, String field, @Nullable JsonNode bound) {
        if (bound != null && !bound.isNull()) {
            fields.check(field, bound, bound, this::problemOfBound);
        }
    }

    private static @Nullable String text(@Nullable JsonNode bound) {
        return bound == null || bound.isNull() ? null : bound.asString();
    }
}
