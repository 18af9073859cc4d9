package dev.outboxsync.endtoend;

import dev.outboxsync.stack.Database;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** A table with a column of every type, and rows with the extremes of each. */
final class EveryType {
    static final String TABLE = """
            CREATE TABLE everything (
                k1 VARCHAR(20), k2 VARBINARY(8), k3 INT, k4 DOUBLE, k5 FLOAT, PRIMARY KEY (k1, k2, k3, k4, k5),
                tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, big BIGINT, ubig BIGINT UNSIGNED, bool BOOLEAN,
                dec65 DECIMAL(65, 30), dec2 DECIMAL(12, 2), f FLOAT, d DOUBLE, bits BIT(64),
                d1 DATE, dt DATETIME(6), dt0 DATETIME, ts TIMESTAMP(6) NULL, ts0 TIMESTAMP NULL, t TIME(6), y YEAR,
                c CHAR(10), vc VARCHAR(200), tt TINYTEXT, tx TEXT, mt MEDIUMTEXT, lt LONGTEXT, l1 VARCHAR(20) CHARSET latin1,
                b BINARY(4), vb VARBINARY(20), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB,
                e ENUM('a', 'b''c', 'ü'), s SET('x', 'y', 'z'), j JSON, g GEOMETRY, p POINT,
                `select` INT, `back``tick` INT, `a b"c'd` INT, gen INT AS (tiny + 1) STORED, gv INT AS (tiny + 2),
                hidden INT INVISIBLE DEFAULT 7)
            """;

    private static final String COLUMNS =
            "k1, k2, k3, k4, k5, tiny, small, medium, big, ubig, bool, dec65, dec2, f, d, bits, d1, dt, dt0, ts, ts0, t, y,"
                    + " c, vc, tt, tx, mt, lt, l1, b, vb, tb, bl, mb, lb, e, s, j, g, p, `select`, `back``tick`, `a b\"c'd`";
    private static final List<String> ROWS = List.of(
            "('min', x'00', -2147483648, -1e20, -0.1, -128, 0, -8388608, -9223372036854775808, 0, FALSE,"
                    + " -99999999999999999999999999999999999.999999999999999999999999999999, -0.01, -3.402823466E+38,"
                    + " -1.7976931348623157E+308, b'0', '1000-01-01', '1000-01-01 00:00:00', '0000-00-00 00:00:00',"
                    + " '1970-01-01 00:00:01.000001', '0000-00-00', '-838:59:59.000000', 1901, '', '', '', '', '', '', '',"
                    + " x'', x'', x'', x'', x'', x'', 'a', '', '{}', ST_GeomFromText('POINT(0 0)'), POINT(0, 0), 1, 2, 3)",
            "('max 😀', x'FFFFFFFFFFFFFFFF', 2147483647, 0.30000000000000004, 3.4e38, 127, 65535, 8388607, 9223372036854775807,"
                    + " 18446744073709551615, TRUE, 99999999999999999999999999999999999.999999999999999999999999999999,"
                    + " 9999999999.99, 16777216, 2.2250738585072014E-308, 18446744073709551615, '9999-12-31',"
                    + " '9999-12-31 23:59:59.999999', '2026-02-28 00:00:00', '2038-01-18 22:14:07.999999',"
                    + " '2026-11-01 01:30:00', '838:59:59.000000', 2155, 'é ', 'e\u0301 👨‍👩‍👧 ''\"\\\\', 'x', 'tab\t line\n', REPEAT('ü', 9999),"
                    + " REPEAT('😀', 999), 'æøå', x'00FF0027', x'5C27', x'00', REPEAT('b', 999), x'DEAD', REPEAT('l', 99999),"
                    + " 'ü', 'x,z', '{\"a\": [1, null, \"ü\"]}', ST_GeomFromText('LINESTRING(1 1,2 2)', 4326), POINT(-1.5, 2), 0, 0, 0)",
            "('null', x'', 0, 0, 0" + ", NULL".repeat(39) + ")");

    private EveryType() {}

    /** As somebody whose session takes zero dates and stands in another zone. */
    static void insertRows(Database database) {
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION', time_zone = '-05:00'");
            for (String row : ROWS) {
                statement.execute("INSERT INTO everything (" + COLUMNS + ") VALUES " + row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
