package dev.outboxsync.stack;

import java.util.ArrayList;
import java.util.List;

/** The rows of two databases next to each other, one line for each row of either. */
final class SideBySide {
    private static final String BETWEEN = "  |  ";
    private static final String NO_ROW = "-";

    private SideBySide() {}

    /** The rows must have as many cells as there are columns; each side has its own order of rows. */
    static List<String> table(List<String> columns, List<List<String>> left, List<List<String>> right) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            int width = columns.get(column).length();
            for (List<String> row : left) {
                width = Math.max(width, row.get(column).length());
            }
            for (List<String> row : right) {
                width = Math.max(width, row.get(column).length());
            }
            widths.add(width);
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns, widths) + BETWEEN + line(columns, widths));
        for (int row = 0; row < Math.max(left.size(), right.size()); row++) {
            lines.add((cells(left, row, widths) + BETWEEN + cells(right, row, widths)).stripTrailing());
        }
        return lines;
    }

    private static String cells(List<List<String>> rows, int row, List<Integer> widths) {
        List<String> cells = row < rows.size()
                ? rows.get(row)
                : widths.stream().map(width -> NO_ROW).toList();
        return line(cells, widths);
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String gap = column == 0 ? "" : "  ";
            line.append(gap).append(("%-" + widths.get(column) + "s").formatted(cells.get(column)));
        }
        return line.toString();
    }
}
