package dev.outboxsync.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what tables of the connection's schema look like, from information_schema. Safe for use by many threads. */
public final class TableShapes {
    private static final String READ_COLUMNS = """
            SELECT column_name, data_type, extra LIKE '% GENERATED%',
                   LEAST(COALESCE(character_maximum_length, numeric_precision + 3, 27), 1000000),
                   IF(data_type IN ('float', 'double'), NULL, COALESCE(numeric_scale, datetime_precision)),
                   character_set_name, CONCAT_WS(' ', column_type, character_set_name, generation_expression),
                   COALESCE(character_maximum_length, 0), column_type
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = :table
            ORDER BY ordinal_position
            """;
    private static final String READ_KEY = """
            SELECT column_name
            FROM information_schema.key_column_usage
            WHERE table_schema = DATABASE() AND table_name = :table AND constraint_name = 'PRIMARY'
            ORDER BY ordinal_position
            """;
    private static final String READ_ENGINE = """
            SELECT COALESCE(MAX(engine), '')
            FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_name = :table
            """;
    private static final String COUNT_UNIQUE_KEYS = """
            SELECT COUNT(DISTINCT index_name)
            FROM information_schema.statistics
            WHERE table_schema = DATABASE() AND table_name = :table AND non_unique = 0 AND index_name <> 'PRIMARY'
            """;

    private static final Pattern MEMBER = Pattern.compile("'((?:[^']|'')*)'");
    private static final Pattern ESCAPED = Pattern.compile("''|\\\\(.)");

    private final JdbcClient jdbc;

    public TableShapes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The table's shape; empty when this user sees no such table. */
    public Optional<TableShape> find(String table) {
        List<Column> columns = jdbc.sql(READ_COLUMNS)
                .param("table", table)
                .query((row, number) -> column(row))
                .list();
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        List<Column> key = names(READ_KEY, table).stream()
                .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
                .toList();
        boolean transactional = names(READ_ENGINE, table).contains("InnoDB");
        boolean otherUniqueKeys = !names(COUNT_UNIQUE_KEYS, table).contains("0");
        return Optional.of(new TableShape(table, columns, key, transactional, otherUniqueKeys));
    }

    private static Column column(ResultSet row) throws SQLException {
        ColumnForm form = ColumnForm.of(row.getString(2), row.getString(6));
        int longest = form == ColumnForm.HEXADECIMAL ? 2 * row.getInt(4) : row.getInt(4);
        return new Column(row.getString(1), form, row.getBoolean(3), longest, type(row), row.getString(7));
    }

    private static ColumnType type(ResultSet row) throws SQLException {
        String name = row.getString(2).toLowerCase(Locale.ROOT);
        Integer decimals = row.getObject(5, Integer.class);
        String declared = row.getString(9);
        return new ColumnType(
                name,
                row.getLong(8),
                decimals == null ? ColumnType.ANY : decimals,
                declared.contains("zerofill"),
                List.of("enum", "set").contains(name) ? members(declared) : List.of());
    }

    private static List<String> members(String declared) {
        return MEMBER.matcher(declared)
                .results()
                .map(member -> ESCAPED.matcher(member.group(1)).replaceAll(TableShapes::unescaped))
                .toList();
    }

    private static String unescaped(MatchResult escaped) {
        return Matcher.quoteReplacement(
                switch (escaped.group()) {
                    case "''" -> "'";
                    case "\\n" -> "\n";
                    case "\\r" -> "\r";
                    case "\\0" -> "\0";
                    default -> escaped.group(1);
                });
    }

    private List<String> names(String query, String table) {
        return jdbc.sql(query).param("table", table).query(String.class).list();
    }
}
