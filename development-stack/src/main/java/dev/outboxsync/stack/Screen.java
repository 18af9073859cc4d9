package dev.outboxsync.stack;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What a person reads on a terminal of 80 to 100 columns: plain ASCII, with colours only where they are seen. */
final class Screen {
    private static final int WIDTH = 96;
    private static final String INDENT = "    ";
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String PLAIN = "\033[0m";

    private final PrintStream out;
    private final boolean coloured;

    Screen(PrintStream out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    synchronized void line(String text) {
        out.println(text);
    }

    void heading(int number, String title) {
        line("");
        line(in(BOLD, "%2d  %s".formatted(number, title)));
    }

    /** What was typed, as it can be typed again. */
    void done(String... lines) {
        for (String text : lines) {
            line(in(DIM, INDENT + text));
        }
    }

    /** What came of it. */
    void seen(String text) {
        for (String part : wrap(text, WIDTH - INDENT.length())) {
            line(INDENT + part);
        }
    }

    void held(String text) {
        line(INDENT + in(GREEN, "ok") + "  " + text);
    }

    void problem(String text) {
        line(in(RED, text));
    }

    /** Breaks a long line after commas and blanks, and indents what follows. */
    static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width) {
            int cut = Math.max(rest.lastIndexOf(',', width - 1), rest.lastIndexOf(' ', width - 1)) + 1;
            if (cut <= INDENT.length()) {
                cut = width;
            }
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = INDENT + rest.substring(cut);
        }
        lines.add(rest);
        return lines;
    }

    private String in(String colour, String text) {
        return coloured ? colour + text + PLAIN : text;
    }
}
