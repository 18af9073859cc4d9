package dev.outboxsync.mysql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A column's type, as far as it decides which values the column gives back as they were written. Of others, MySQL refuses
 * some; but some it rounds, cuts, pads or guesses without an error, in strict mode, too.
 *
 * @param name as information_schema.columns names it: without length
 * @param length of texts in characters, of TEXT and binaries in bytes; 0 of all others
 * @param decimals digits behind the point that it keeps, of a number or of a second; {@link #ANY} where nothing is rounded, or
 *     rounding is what the type is for
 * @param zeros whether it prints zeros before a number
 * @param members of an ENUM or SET, in its order
 */
public record ColumnType(String name, long length, int decimals, boolean zeros, List<String> members) {
    public static final int ANY = Integer.MAX_VALUE;

    private static final String FRACTION = "([.][0-9]{1,6})?";
    /** No longer than MySQL prints any, and than BigDecimal is quick at. */
    private static final Pattern NUMBER = Pattern.compile("-?([0-9]{1,255})([.][0-9]{1,255})?([eE][+-]?[0-9]{1,9})?");

    private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]*");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-F]*");
    /** Others, '0041' as well, name a year of our time. */
    private static final Pattern YEAR = Pattern.compile("0000|[12][0-9]{3}");

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern TIME = Pattern.compile("-?[0-9]{2,3}:[0-9]{2}:[0-9]{2}" + FRACTION);
    private static final Pattern DATETIME = Pattern.compile(DATE + "T[0-9]{2}:[0-9]{2}:[0-9]{2}" + FRACTION);
    private static final Pattern TIMESTAMP = Pattern.compile(DATETIME + "Z");
    /** More a floating number never prints. */
    private static final int MOST_DIGITS = 17;

    public ColumnType {
        members = List.copyOf(members);
    }

    /** Whether a column of this type gives the text of a row image back, in another spelling of the same number at most. */
    public boolean keeps(String text) {
        return switch (name) {
            case "char" -> !text.endsWith(" ");
            case "varchar" -> !text.endsWith(" ") || text.codePointCount(0, text.length()) <= length;
            case "tinytext", "text", "mediumtext", "longtext" ->
                !text.endsWith(" ") || text.getBytes(UTF_8).length <= length;
            case "binary" -> isHexadecimal(text) && text.length() >= 2 * length;
            case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> isHexadecimal(text);
            case "enum" -> members.contains(text);
            case "set" -> inOrder(List.of(text.split(",", -1))).equals(text);
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal" -> keepsNumber(text);
            case "float", "double" -> keepsFloating(text);
            case "bit" -> WHOLE.matcher(text).matches();
            case "year" -> YEAR.matcher(text).matches();
            case "date" -> DATE.matcher(text).matches();
            case "time" -> keepsSecond(TIME.matcher(text));
            case "datetime" -> DATE.matcher(text).matches() || keepsSecond(DATETIME.matcher(text));
            case "timestamp" -> keepsSecond(TIMESTAMP.matcher(text));
            default -> true;
        };
    }

    private static boolean isHexadecimal(String text) {
        return text.length() % 2 == 0 && HEXADECIMAL.matcher(text).matches();
    }

    /** A number names members by its bits, another order is changed, and what is named twice is once there. */
    private String inOrder(List<String> named) {
        return members.stream().filter(named::contains).collect(Collectors.joining(","));
    }

    /** MySQL takes ' 5', '+5' and '007' for numbers as well: texts, which come back as others. */
    private boolean keepsNumber(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches() || !(zeros || WHOLE.matcher(number.group(1)).matches())) {
            return false;
        }
        boolean whole = number.group(2) == null && number.group(3) == null;
        return whole || decimals == ANY || decimalsOf(text) <= decimals;
    }

    private boolean keepsSecond(Matcher moment) {
        return moment.matches() && (moment.group(1) == null || decimalsOf(moment.group(1)) <= decimals);
    }

    private static int decimalsOf(String number) {
        return new BigDecimal(number).stripTrailingZeros().scale();
    }

    /** Whether the digits are those that the nearest number of the type prints. */
    private boolean keepsFloating(String text) {
        if (!keepsNumber(text)) {
            return false;
        }
        var wanted = new BigDecimal(text);
        double nearest = wanted.doubleValue();
        int digits = wanted.stripTrailingZeros().precision();
        return Double.isInfinite(nearest) // which MySQL refuses by itself
                || (digits <= MOST_DIGITS
                        && (name.equals("double") || nearest == (float) nearest)
                        && new BigDecimal(nearest)
                                        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                                        .compareTo(wanted)
                                == 0);
    }
}
