package dev.outboxsync.local.request;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the address of the part that follows; null at the list's end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /**
     * Cuts off the row that was read beyond the limit to see whether there is more.
     *
     * @param path address of the list, as clients know it
     */
    public static <T> Page<T> ascending(List<T> oneMore, int limit, String path, ToLongFunction<T> id) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = List.copyOf(oneMore.subList(0, limit));
        return new Page<>(items, path + "?after=" + id.applyAsLong(items.get(limit - 1)) + "&limit=" + limit);
    }

    /** The same part of the list with its items shown in another way. */
    public <R> Page<R> map(Function<List<T>, List<R>> shown) {
        return new Page<>(shown.apply(items), next);
    }
}
