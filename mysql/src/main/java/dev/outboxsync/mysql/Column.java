package dev.outboxsync.mysql;

import java.math.BigDecimal;

/**
 * A column of a synced table.
 *
 * @param generated whether MySQL computes it, so that nobody may write it
 * @param longest characters that its text in a row image may have, but for escapes in JSON
 * @param decimals digits behind the point that it keeps, of a number or of a second: MySQL rounds what has more, without a
 *     word; {@link #ANY} where nothing is rounded, or rounding is what the type is for
 * @param definition type, character set and expression, as MySQL writes them: another one may have changed the values
 */
public record Column(String name, ColumnForm form, boolean generated, int longest, int decimals, String definition) {
    public static final int ANY = Integer.MAX_VALUE;

    /** Whether the column keeps every digit of the text. */
    public boolean keepsWhole(String text) {
        int point = text.lastIndexOf('.');
        boolean plain = text.indexOf('e') < 0 && text.indexOf('E') < 0;
        if (decimals == ANY || (plain && (point < 0 || text.length() - 1 - point <= decimals))) {
            return true;
        }
        try {
            // of a moment the last second is such a number
            return new BigDecimal(text.substring(Math.max(0, text.lastIndexOf(':') + 1))
                                    .replace("Z", ""))
                            .stripTrailingZeros()
                            .scale()
                    <= decimals;
        } catch (NumberFormatException noNumber) {
            return true; // which MySQL refuses by itself
        }
    }

    /** The name as SQL writes it. */
    public String quoted() {
        return Identifiers.quoted(name);
    }
}
