package dev.outboxsync.mysql;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a column's value stands in a row image, and how it is bound again: the contract's table of column types, both
 * directions in one place. Values are text, so that nothing is rounded on the way.
 */
public enum ColumnForm {
    /** CHAR, VARCHAR, TEXT. */
    TEXT {
        @Override
        public String captured(String column) {
            return column;
        }
    },
    /** CHAR, VARCHAR, TEXT in UCS-2, UTF-16 or UTF-32, whose bytes MySQL puts into JSON as they are. */
    WIDE_TEXT {
        @Override
        public String captured(String column) {
            return "CONVERT(" + column + " USING utf8mb4)";
        }
    },
    /** ENUM, SET: by name; MySQL orders them by number and compares them with texts by name. */
    LISTED {
        @Override
        public String captured(String column) {
            return "CAST(" + column + " AS CHAR)";
        }

        @Override
        public String ordered(String column) {
            return captured(column);
        }
    },
    /** Integers, DECIMAL, DATE, TIME, JSON: as MySQL prints it. */
    PRINTED {
        @Override
        public String captured(String column) {
            return "CAST(" + column + " AS CHAR)";
        }
    },
    /** YEAR, by its digits: as a constant that stands for the column MySQL casts the year 0000 to another text. */
    YEAR {
        @Override
        public String captured(String column) {
            return "LPAD(" + column + ", 4, '0')";
        }
    },
    /** FLOAT, DOUBLE: a JSON number, for text loses digits. */
    NUMBER {
        @Override
        public String captured(String column) {
            return column;
        }

        @Override
        public String named(String column) {
            return "CAST(JSON_EXTRACT(JSON_ARRAY(" + column + "), '$[0]') AS CHAR)";
        }
    },
    /** DATETIME: as stored, without a zone. */
    DATETIME {
        @Override
        public String captured(String column) {
            return "DATE_FORMAT(" + column + ", '%Y-%m-%dT%H:%i:%s.%f')";
        }
    },
    /** TIMESTAMP: through UNIX_TIMESTAMP, for the writer's session may stand in any zone. */
    TIMESTAMP {
        @Override
        public String captured(String column) {
            // Of a TIMESTAMP without fraction the seconds come as a whole number, which an interval takes for
            // microseconds.
            return "DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL CAST(UNIX_TIMESTAMP(" + column
                    + ") AS DECIMAL(20, 6)) SECOND_MICROSECOND), '%Y-%m-%dT%H:%i:%s.%fZ')";
        }

        @Override
        public String bindable(String text) {
            if (text.equals(ZERO_TIMESTAMP)) {
                return "0000-00-00 00:00:00";
            }
            return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
        }
    },
    /** BIT: as an unsigned number, for a bound '5' would store 53. */
    BIT {
        @Override
        public String captured(String column) {
            return "CAST(CAST(" + column + " AS UNSIGNED) AS CHAR)";
        }

        @Override
        public String placeholder() {
            return "CAST(? AS UNSIGNED)";
        }
    },
    /** BINARY, VARBINARY, BLOB, GEOMETRY: hexadecimal. */
    HEXADECIMAL {
        @Override
        public String captured(String column) {
            return "HEX(" + column + ")";
        }

        @Override
        public String placeholder() {
            return "UNHEX(?)";
        }
    };

    // What UNIX_TIMESTAMP makes of the zero date; no TIMESTAMP is as early as that.
    private static final String ZERO_TIMESTAMP = "1970-01-01T00:00:00.000000Z";

    private static final Set<String> WIDE = Set.of("ucs2", "utf16", "utf16le", "utf32");

    /** The SQL expression that a trigger writes into the row image. */
    public abstract String captured(String column);

    /** The SQL expression for a key column's text in a record id: the one that stands in the row image. */
    public String named(String column) {
        return captured(column);
    }

    /** What to order and compare by, where a bound text is the other side. */
    public String ordered(String column) {
        return column;
    }

    /** What stands for the bound text in SET, VALUES and WHERE alike. */
    public String placeholder() {
        return "?";
    }

    /** The text to bind for a text of a row image. */
    public String bindable(String text) {
        return text;
    }

    // data types and character sets as information_schema.columns names them
    static ColumnForm of(String dataType, @Nullable String characterSet) {
        return switch (dataType.toLowerCase(Locale.ROOT)) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                characterSet != null && WIDE.contains(characterSet) ? WIDE_TEXT : TEXT;
            case "enum", "set" -> LISTED;
            case "year" -> YEAR;
            case "float", "double" -> NUMBER;
            case "datetime" -> DATETIME;
            case "timestamp" -> TIMESTAMP;
            case "bit" -> BIT;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> HEXADECIMAL;
            case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon" ->
                HEXADECIMAL;
            case "geomcollection", "geometrycollection" -> HEXADECIMAL;
            default -> PRINTED;
        };
    }
}
