package dev.posthaste.api;

import dev.posthaste.store.Looked;
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

  /** The answer of a list route whose looks are bounded: a page may be short and not the last. */
  static <T, P> ApiAnswer answer(
      Looked<T, P> found, String name, Function<T, JsonObject> view, Function<P, String> cursor) {
    JsonArray items = new JsonArray();
    found.rows().forEach(row -> items.add(view.apply(row)));
    JsonObject json = new JsonObject().put(name, items);
    found.stoppedAt().ifPresent(at -> json.put("nextCursor", cursor.apply(at)));
    return ApiAnswer.ok(json);
  }

  /** The answer of a list route. */
  ApiAnswer answer(String name, Function<T, JsonObject> view, Function<T, String> cursor) {
    return answer(name, view, cursor, new JsonObject());
  }

  /** The answer of a list route that says more than its list. */
  ApiAnswer answer(
      String name, Function<T, JsonObject> view, Function<T, String> cursor, JsonObject head) {
    JsonArray items = new JsonArray();
    rows.forEach(row -> items.add(view.apply(row)));
    JsonObject json = head.put(name, items);
    return ApiAnswer.ok(isLast ? json : json.put("nextCursor", cursor.apply(rows.getLast())));
  }
}
