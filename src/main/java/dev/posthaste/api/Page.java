package dev.posthaste.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list. Lists are asked for one row more than the page holds, which tells whether
 * there is a page after it.
 */
record Page<T>(List<T> rows, boolean isLast) {
  private static final int DEFAULT_LIMIT = 50;

  static int limit(ApiCall call) {
    return call.number("limit").orElse(DEFAULT_LIMIT);
  }

  static <T> Page<T> of(List<T> rows, int limit) {
    return rows.size() > limit ? new Page<>(rows.subList(0, limit), false) : new Page<>(rows, true);
  }

  /** The answer of a list route. */
  ApiAnswer answer(String name, Function<T, JsonObject> view, Function<T, String> cursor) {
    JsonArray items = new JsonArray();
    rows.forEach(row -> items.add(view.apply(row)));
    JsonObject json = new JsonObject().put(name, items);
    return ApiAnswer.ok(isLast ? json : json.put("nextCursor", cursor.apply(rows.getLast())));
  }
}
