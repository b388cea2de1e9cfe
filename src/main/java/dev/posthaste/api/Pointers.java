package dev.posthaste.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** JSON pointers of RFC 6901. */
final class Pointers {
  private Pointers() {}

  /** What stands there, or null. */
  static Object at(Object root, String pointer) {
    Object value = root;
    for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      value = child(value, step.replace("~1", "/").replace("~0", "~"));
    }
    return value;
  }

  /** A pointer to a field of what the pointer points to. */
  static String child(String pointer, String field) {
    return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
  }

  private static Object child(Object parent, String step) {
    if (parent instanceof JsonObject object) {
      return object.getValue(step);
    }
    return parent instanceof JsonArray array ? array.getValue(Integer.parseInt(step)) : null;
  }
}
