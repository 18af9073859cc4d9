package dev.outboxsync.local.status;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.outboxsync.local.request.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to retry.
 *
 * @param ids entries of the queue; null, which is the same as not named, for all that are FAILED
 */
record RetryBody(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Long> ids) {
    private static final int MOST = 1_000;

    /** The ids, each once; refused, 400, when they are none. */
    List<Long> checkedIds() {
        var fields = new Fields();
        List<Long> checked = fields.check("ids", ids, List.of(), RetryBody::problem);
        fields.demandAllGood();
        return checked.stream().distinct().toList();
    }

    private static @Nullable String problem(List<Long> ids) {
        boolean good = !ids.isEmpty() && ids.size() <= MOST && ids.stream().allMatch(id -> id >= 1);
        return good ? null : "must be 1 to " + MOST + " whole numbers from 1 on; leave it out to retry all";
    }
}
