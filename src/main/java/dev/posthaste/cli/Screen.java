package dev.posthaste.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Shows answers: tables for people, JSON for programs. */
final class Screen {
  private final PrintWriter out;
  private final boolean json;

  Screen(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** A list of the answer, with these fields as columns. */
  void table(JsonObject answer, String list, String... columns) {
    if (json) {
      out.println(answer.encodePrettily());
      return;
    }
    JsonArray rows = answer.getJsonArray(list);
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of(columns));
    rows.forEach(row -> lines.add(cells((JsonObject) row, columns)));
    lines(lines);
    if (rows.isEmpty()) {
      out.println("(none)");
    }
    if (answer.containsKey("nextCursor")) {
      out.println("More: --cursor " + answer.getString("nextCursor"));
    }
  }

  private static List<String> cells(JsonObject row, String... columns) {
    List<String> cells = new ArrayList<>();
    for (String column : columns) {
      cells.add(text(row.getValue(column)));
    }
    return cells;
  }

  private void lines(List<List<String>> lines) {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(line.get(i)).repeat(" ", widths[i] - line.get(i).length() + 2);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  /** One thing, a line for each of its fields that has a value. */
  void fields(JsonObject answer, String name) {
    if (json) {
      out.println(answer.encodePrettily());
      return;
    }
    JsonObject flat = new JsonObject();
    answer.forEach(
        entry -> {
          if (entry.getKey().equals(name) && entry.getValue() instanceof JsonObject inner) {
            inner.forEach(field -> flat.put(field.getKey(), field.getValue()));
          } else {
            flat.put(entry.getKey(), entry.getValue());
          }
        });
    List<List<String>> lines = new ArrayList<>();
    flat.forEach(
        field -> {
          String value = text(field.getValue());
          if (!value.isEmpty()) {
            lines.add(List.of(field.getKey(), value));
          }
        });
    lines(lines);
  }

  /** A line of its own as soon as it happens: words for people, one line of JSON for programs. */
  void line(String words, JsonObject happened) {
    out.println(json ? happened.encode() : words.replaceAll("[\\p{Cntrl}&&[^\n]]", "?"));
    out.flush();
  }

  void flush() {
    out.flush();
  }

  boolean isJson() {
    return json;
  }

  /** Said only to people. */
  void say(String words) {
    if (!json) {
      out.println(words);
    }
  }

  /** What an endpoint answered is data: its control characters must not reach the terminal. */
  private static String text(Object value) {
    String text =
        switch (value) {
          case null -> "";
          case JsonArray list when list.stream().noneMatch(item -> item instanceof JsonObject) ->
              list.stream().map(String::valueOf).collect(Collectors.joining(" "));
          case JsonArray list -> list.encode();
          case JsonObject object -> object.isEmpty() ? "" : object.encode();
          default -> value.toString();
        };
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
