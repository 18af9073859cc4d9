package dev.outboxsync.local.request;

import org.jspecify.annotations.Nullable;

/** What is wrong with a text that a client sends; null where nothing is. */
public final class Texts {
    /** What is wrong with a text that is not {@link #isStorable}. */
    public static final String UNSTORABLE = "must not contain NUL or half of a surrogate pair";

    // Letters and symbols to Unicode, but nothing to the eye.
    private static final String LOOK_BLANK = "\u115f\u1160\u2800\u3164\uffa0";

    private Texts() {}

    /** A text for people: 1 to so many characters, something to see among them, stored as it is. */
    public static @Nullable String problemOfLine(String text, int longest) {
        if (!isStorable(text)) {
            return UNSTORABLE;
        }
        if (text.codePoints().noneMatch(Texts::isVisible)) {
            return "must not be blank";
        }
        return isLonger(text, longest) ? "must have at most " + longest + " characters" : null;
    }

    /** Whether it has more characters (code points, as MySQL counts) than that. */
    public static boolean isLonger(String text, int longest) {
        return text.codePointCount(0, text.length()) > longest;
    }

    /** Whether MySQL stores it as it is. */
    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE);
    }

    private static boolean isVisible(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> LOOK_BLANK.indexOf(point) < 0;
        };
    }
}
