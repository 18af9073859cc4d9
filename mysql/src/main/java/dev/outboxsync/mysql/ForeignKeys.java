package dev.outboxsync.mysql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the foreign keys of the connection's schema, all of them, also those between tables the user may not see. */
public final class ForeignKeys {
    private static final String READ_ALL = "CALL sync_foreign_keys()";
    // What the procedure tells, as far as information_schema shows it to this user.
    private static final String READ_VISIBLE = """
            SELECT k.constraint_name AS name, k.table_name AS child, k.column_name AS child_column,
                   IF(k.referenced_table_schema = DATABASE(), k.referenced_table_name, '') AS parent,
                   k.referenced_column_name AS parent_column,
                   r.delete_rule AS delete_rule, r.update_rule AS update_rule
            FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r
              ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
             AND r.table_name = k.table_name
            WHERE k.constraint_schema = DATABASE() AND k.referenced_table_schema IS NOT NULL
            ORDER BY k.table_name, k.constraint_name, k.ordinal_position
            """;

    private ForeignKeys() {}

    /** All foreign keys, by child and name. Needs no more than EXECUTE on the procedure. */
    public static List<ForeignKey> read(JdbcClient jdbc) {
        return read(jdbc, READ_ALL);
    }

    /** The foreign keys of the tables that this user may write, by child and name. */
    public static List<ForeignKey> visible(JdbcClient jdbc) {
        return read(jdbc, READ_VISIBLE);
    }

    private static List<ForeignKey> read(JdbcClient jdbc, String query) {
        Map<String, ForeignKey> keys = new LinkedHashMap<>();
        jdbc.sql(query).query(row -> {
            var part = new ForeignKey(
                    row.getString("name"),
                    row.getString("child"),
                    List.of(row.getString("child_column")),
                    row.getString("parent"),
                    List.of(row.getString("parent_column")),
                    ForeignKey.Rule.of(row.getString("delete_rule")),
                    ForeignKey.Rule.of(row.getString("update_rule")));
            keys.merge(part.child() + "." + part.name(), part, ForeignKeys::joined);
        });
        return List.copyOf(keys.values());
    }

    private static ForeignKey joined(ForeignKey first, ForeignKey next) {
        return new ForeignKey(
                first.name(),
                first.child(),
                both(first.columns(), next.columns()),
                first.parent(),
                both(first.referred(), next.referred()),
                first.onDelete(),
                first.onUpdate());
    }

    private static List<String> both(List<String> first, List<String> next) {
        var all = new ArrayList<>(first);
        all.addAll(next);
        return all;
    }

    /** These tables in an order in which what is referred to comes before what refers to it, but for circles. */
    public static List<String> parentsFirst(List<ForeignKey> keys, List<String> tables) {
        Set<String> ordered = new LinkedHashSet<>();
        tables.forEach(table -> add(table, keys, new HashSet<>(), ordered));
        ordered.retainAll(tables);
        return List.copyOf(ordered);
    }

    private static void add(String table, List<ForeignKey> keys, Set<String> seen, Set<String> ordered) {
        if (seen.add(table)) {
            keys.stream()
                    .filter(key -> key.child().equals(table))
                    .forEach(key -> add(key.parent(), keys, seen, ordered));
            ordered.add(table);
        }
    }
}
