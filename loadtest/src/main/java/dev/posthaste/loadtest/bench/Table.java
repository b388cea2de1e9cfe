package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cells with a heading; the first column is words and the others are numbers, but for the last.
 *
 * @param rows each as long as the heading
 */
record Table(List<String> heading, List<List<String>> rows) {
  private static final String GAP = "   ";

  /** For a terminal. */
  String text() {
    StringBuilder out = new StringBuilder();
    List<List<String>> lines = new ArrayList<>(List.of(heading));
    lines.addAll(rows);
    for (List<String> line : lines) {
      out.append(text(line).stripTrailing()).append('\n');
    }
    return out.toString();
  }

  private String text(List<String> line) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String cell = line.get(i);
      String blank = " ".repeat(width(i) - cell.length());
      out.append(i == 0 ? "" : GAP).append(isNumber(i) ? blank + cell : cell + blank);
    }
    return out.toString();
  }

  private boolean isNumber(int column) {
    return column > 0 && column < heading.size() - 1;
  }

  private int width(int column) {
    return Math.max(
        heading.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  /** For a page. */
  String markdown() {
    StringBuilder out = new StringBuilder(markdown(heading));
    out.append(
        markdown(
            IntStream.range(0, heading.size())
                .mapToObj(i -> isNumber(i) ? "--:" : "---")
                .toList()));
    rows.forEach(row -> out.append(markdown(row)));
    return out.toString();
  }

  private static String markdown(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
