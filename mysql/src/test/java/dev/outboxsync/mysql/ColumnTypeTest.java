package dev.outboxsync.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxsync.stack.Database;
import dev.outboxsync.stack.TestParts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a column gives back of what it was given, asked of MySQL itself. */
@Tag("server-dependent")
class ColumnTypeTest {
    /** As other kinds of columns capture their values, and some that nobody should send. */
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "A",
            "a ",
            "abc  ",
            "abcd",
            "abcdefgh  ",
            "ü",
            "b,a",
            "a,b",
            "a,a",
            "a,",
            "it's",
            "b\\n",
            "b\n",
            "x,y",
            "0",
            "-0",
            "00",
            "1",
            "2",
            "5",
            "-5",
            "+5",
            " 5",
            "5 ",
            "07",
            "007",
            "70",
            "2026",
            "20260101",
            "101112",
            "256",
            "5.0",
            "5.00",
            "5.4",
            "5.5",
            "5.125",
            "0.1",
            "-0.5",
            ".5",
            "5.",
            "1e1",
            "1E1",
            "1e-1",
            "1e20",
            "1e400",
            "1e-400",
            "16777217",
            "9007199254740992",
            "9007199254740993",
            "0.10000000149011612",
            "0.30000000000000004",
            "2e23",
            "0.1000000000000000055",
            "2.2250738585072014e-308",
            "5e-324",
            "1.7976931348623157e308",
            "8.41e21",
            "NaN",
            "12345678901234567890123.45",
            "AB",
            "ab",
            "ABC",
            "ABCDEF",
            "ABCD",
            "0041",
            "true",
            "2026-11-28",
            "2026-1-8",
            "0000-00-00",
            "2026-11-28T00:00:00.000000",
            "2026-11-28T10:20:30.000000",
            "2026-11-28T10:20:30.120000",
            "2026-11-28T10:20:30.123456",
            "2026-11-28T10:20:30",
            "2026-11-28 10:20:30",
            "2026-11-28T10:20:30.000000Z",
            "2026-11-28T10:20:30.120000Z",
            "2026-11-28T10:20:30.000000+02:00",
            "1970-01-01T00:00:00.000000Z",
            "10",
            "10:20",
            "10:20:30",
            "-10:20:30.50",
            "-838:59:59.000000",
            "1 10:20:30",
            "{\"a\": 1}");

    private static final String DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

    private static final Map<String, Given> GIVEN = new HashMap<>();

    private static JdbcTemplate sql;
    private static TableShapes shapes;

    private static SingleConnectionDataSource session;

    @BeforeAll
    static void open() {
        Database database = TestParts.mySql().freshDatabase();
        session = new SingleConnectionDataSource(
                database.url() + "?connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true"
                        + "&sessionVariables=sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
                database.user(),
                database.password(),
                true);
        session.setAutoCommit(false);
        sql = new JdbcTemplate(session);
        shapes = new TableShapes(JdbcClient.create(session));
    }

    @AfterAll
    static void close() {
        session.destroy();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHAR(3)",
                "VARCHAR(3)",
                "VARCHAR(3) CHARACTER SET latin1",
                "TINYTEXT",
                "BINARY(2)",
                "VARBINARY(3)",
                "BLOB",
                "ENUM('a', 'b,a', '5', 'it''s', 'b\\\\n', 'x,y')",
                "ENUM('A', 'b\\n')",
                "SET('a', 'b')",
                "SET('b', 'a', '5')",
                "TINYINT",
                "INT",
                "INT ZEROFILL",
                "BIGINT UNSIGNED",
                "DECIMAL(6, 2)",
                "DECIMAL(65, 30)",
                "FLOAT",
                "DOUBLE",
                "BIT(8)",
                "YEAR",
                "DATE",
                "TIME",
                "TIME(2)",
                "DATETIME",
                "DATETIME(6)",
                "TIMESTAMP",
                "TIMESTAMP(6)"
            })
    void what_a_column_is_said_to_keep_comes_back_or_is_refused_by_mysql(String type) {
        Given given = given(type);
        List<String> changed = new ArrayList<>();

        for (String text : TEXTS) {
            if (given.column().type().keeps(text)) {
                writeAndRead(given, text)
                        .filter(back -> !sameValue(text, back))
                        .forEach(back -> changed.add("'" + text + "' became '" + back + "'"));
            }
        }

        assertThat(changed).isEmpty();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAR(3) | `abc` | true",
                "CHAR(3) | `ab ` | false",
                "VARCHAR(3) | `ab ` | true",
                "VARCHAR(3) | `😀😀 ` | true",
                "VARCHAR(3) | `abc ` | false",
                "BINARY(2) | AB00 | true",
                "BINARY(2) | AB | false",
                "VARBINARY(2) | AB | true",
                "VARBINARY(2) | ab | false",
                "VARBINARY(2) | ABC | false",
                "ENUM('2', '1') | 1 | true",
                "ENUM('b', 'a') | 1 | false",
                "ENUM('b', 'a') | A | false",
                "ENUM('b''\\\\,\\n', 'a') | `b'\\,\n` | true",
                "SET('a', 'b') | `` | true",
                "SET('a', 'b') | a,b | true",
                "SET('b', 'a') | a,b | false",
                "SET('b', 'a') | 3 | false",
                "INT | -7 | true",
                "INT | 7.0 | true",
                "INT | 1e3 | true",
                "INT | 007 | false",
                "INT | 1.6 | false",
                "INT(5) ZEROFILL | 00007 | true",
                "DECIMAL(6, 2) | 12.3400 | true",
                "DECIMAL(6, 2) | 1.5E1 | true",
                "DECIMAL(6, 2) | 12.345 | false",
                "DECIMAL(6, 2) | 1e-3 | false",
                "DECIMAL(6, 2) ZEROFILL | 0012.34 | true",
                "DOUBLE | 0.30000000000000004 | true",
                "DOUBLE | 8.41e21 | true",
                "DOUBLE | 2.2250738585072014e-308 | true",
                "DOUBLE | 9007199254740993 | false",
                "FLOAT | 0.10000000149011612 | true",
                "FLOAT | 16777216 | true",
                "FLOAT | 0.1 | false",
                "BIT(8) | 5 | true",
                "BIT(8) | 05 | false",
                "YEAR | 0000 | true",
                "YEAR | 70 | false",
                "YEAR | 0041 | false",
                "DATE | 2026-11-28 | true",
                "DATE | 2026-11-28T10:20:30.000000 | false",
                "TIME | -838:59:59 | true",
                "TIME(2) | 10:20:30.500000 | true",
                "TIME | 10:20:30.50 | false",
                "DATETIME | 2026-11-28T10:20:30.000000 | true",
                "DATETIME | 2026-11-28 | true",
                "DATETIME | 2026-11-28T10:20:30.120000 | false",
                "DATETIME | 2026-11-28T10:20:30.000000Z | false",
                "TIMESTAMP(3) | 2026-11-28T10:20:30.120000Z | true",
                "TIMESTAMP(3) | 2026-11-28T10:20:30.120000 | false"
            })
    void a_column_keeps_a_text_or_would_change_it(String type, String text, boolean kept) {
        assertThat(given(type).column().type().keeps(text)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE", "FLOAT(7,2)", "DOUBLE(12,3)"})
    void a_floating_column_keeps_whatever_number_it_prints(String type) {
        Given given = given(type);
        sql.update("DELETE FROM " + given.table());
        int greatest = type.endsWith(")") ? 4 : 37;
        sql.update("""
                INSERT INTO %s (c)
                WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                SELECT (RAND(i) - 0.5) * POW(10, RAND(i + 5000) * 2 * ? - ?) FROM n
                """.formatted(given.table()), greatest, greatest);

        List<String> printed =
                sql.queryForList("SELECT " + given.column().form().named("c") + " FROM " + given.table(), String.class);

        assertThat(printed).hasSize(1_000).allMatch(given.column().type()::keeps);
    }

    private static Given given(String type) {
        return GIVEN.computeIfAbsent(type, any -> {
            String table = "given_" + GIVEN.size();
            sql.execute("CREATE TABLE " + table + " (id INT PRIMARY KEY AUTO_INCREMENT, c " + type + " NULL)");
            return new Given(table, shapes.find(table).orElseThrow().columns().get(1));
        });
    }

    /** A table with a column of one type. */
    private record Given(String table, Column column) {}

    /** The text that comes back, null where it is no value any more; none where MySQL refuses. */
    private static Stream<@Nullable String> writeAndRead(Given given, String text) {
        ColumnForm form = given.column().form();
        try {
            sql.update(
                    "INSERT INTO " + given.table() + " (c) VALUES (" + form.placeholder() + ")", form.bindable(text));
        } catch (DataAccessException refused) {
            return Stream.empty();
        }
        String back = sql.queryForObject(
                "SELECT CONVERT(JSON_UNQUOTE(JSON_EXTRACT(JSON_ARRAY("
                        + form.captured("c")
                        + "), '$[0]')) USING utf8mb4) FROM " + given.table() + " ORDER BY id DESC LIMIT 1",
                String.class);
        return Stream.of(back);
    }

    /** Equal, or another spelling of the same number, of the same time with fewer zeros, or of midnight. */
    private static boolean sameValue(String text, @Nullable String back) {
        return back != null && plain(text).equals(plain(back));
    }

    private static String plain(String text) {
        try {
            return new BigDecimal(text).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException noNumber) {
            String midnight = text.matches(DAY) ? text + "T00:00:00" : text;
            return midnight.contains(".") ? midnight.replaceFirst("[.]?0*(Z?)$", "$1") : midnight;
        }
    }
}
