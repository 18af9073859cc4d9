package dev.outboxsync.central;

import dev.outboxsync.event.AcknowledgementId;
import dev.outboxsync.event.Operation;
import dev.outboxsync.event.Reason;
import dev.outboxsync.event.Site;
import dev.outboxsync.mysql.Column;
import dev.outboxsync.mysql.ColumnForm;
import dev.outboxsync.mysql.ColumnType;
import dev.outboxsync.mysql.ForeignKey;
import dev.outboxsync.mysql.TableShape;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sample tables with their keys, as MySQL would keep them. */
final class InMemoryRows {
    private static final ColumnType NUMBER = new ColumnType("bigint", 0, 0, false, List.of());
    private static final ColumnType ANY_TEXT =
            new ColumnType("longtext", Integer.MAX_VALUE, ColumnType.ANY, false, List.of());

    static final Map<String, TableShape> SHAPES = Map.of(
            "users", shape("users", "id", "name", "email", "updated_at"),
            "orders", shape("orders", "id", "user_id", "amount", "status", "updated_at"));

    static final ForeignKey ORDERS_USER = new ForeignKey(
            "orders_user",
            "orders",
            List.of("user_id"),
            "users",
            List.of("id"),
            ForeignKey.Rule.RESTRICT,
            ForeignKey.Rule.RESTRICT);

    final Map<String, Map<String, Map<String, String>>> tables = new HashMap<>();
    final Map<Site, SiteState> sites = new HashMap<>();
    final Map<Site, Set<AcknowledgementId>> given = new HashMap<>();
    final Map<RecordKey, AppliedVersion> versions = new HashMap<>();
    final Map<Long, Poison> quarantine = new HashMap<>();

    InMemoryRows() {
        SHAPES.keySet().forEach(table -> tables.put(table, new TreeMap<>()));
    }

    private static TableShape shape(String table, String... names) {
        List<Column> columns = Stream.of(names)
                .map(name ->
                        new Column(name, ColumnForm.PRINTED, false, 255, name.endsWith("id") ? NUMBER : ANY_TEXT, ""))
                .toList();
        return new TableShape(table, columns, columns.subList(0, 1), true, false);
    }

    InMemoryRows copy() {
        var copy = new InMemoryRows();
        tables.forEach((table, rows) -> copy.tables.get(table).putAll(rows));
        copy.sites.putAll(sites);
        given.forEach((site, ids) -> copy.given.put(site, new HashSet<>(ids)));
        copy.versions.putAll(versions);
        copy.quarantine.putAll(quarantine);
        return copy;
    }

    boolean holds(String table, Map<String, String> row) {
        return tables.get(table).containsKey(row.get("id"));
    }

    /** Writes the row unless a key forbids it; an UPDATE of an absent row is refused without a reason that counts. */
    Optional<RowRefusal> write(Operation statement, String table, Map<String, String> row) {
        Map<String, Map<String, String>> rows = tables.get(table);
        String key = new BigDecimal(row.get("id")).stripTrailingZeros().toPlainString();
        Optional<RowRefusal> refusal = switch (statement) {
            case INSERT ->
                rows.containsKey(key) ? refused(Reason.DUPLICATE_KEY, table + ".PRIMARY") : check(table, key, row);
            case UPDATE -> holds(table, row) ? check(table, key, row) : refused(Reason.INVALID_VALUE, null);
            case DELETE -> checkDelete(table, row.get("id"));
            case SWEEP -> throw new IllegalArgumentException("no statement about one row");
        };
        if (refusal.isEmpty() && statement == Operation.DELETE) {
            rows.remove(row.get("id"));
        } else if (refusal.isEmpty()) {
            rows.put(key, row);
        }
        return refusal;
    }

    private Optional<RowRefusal> check(String table, String key, Map<String, String> row) {
        if (table.equals("orders") && row.getOrDefault("amount", "").length() > 13) {
            return refused(Reason.OUT_OF_RANGE, "orders.amount");
        }
        if (table.equals("orders")) {
            return tables.get("users").containsKey(row.get("user_id"))
                    ? Optional.empty()
                    : refused(Reason.MISSING_PARENT, "orders.user_id");
        }
        if (row.get("name").length() > 200) {
            return refused(Reason.TOO_LONG, "users.name");
        }
        boolean taken = tables.get("users").entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(key)
                        && other.getValue().get("email").equalsIgnoreCase(row.get("email")));
        return taken ? refused(Reason.DUPLICATE_KEY, "users.email") : Optional.empty();
    }

    private Optional<RowRefusal> checkDelete(String table, String id) {
        boolean hasChildren = table.equals("users")
                && tables.get("users").containsKey(id)
                && tables.get("orders").values().stream()
                        .anyMatch(order -> order.get("user_id").equals(id));
        return hasChildren ? refused(Reason.HAS_CHILDREN, "orders.user_id") : Optional.empty();
    }

    private static Optional<RowRefusal> refused(Reason reason, String detail) {
        return Optional.of(new RowRefusal(reason, detail));
    }
}
