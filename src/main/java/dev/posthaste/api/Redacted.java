package dev.posthaste.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The body of a request as the audit log may show it. */
final class Redacted {
  private Redacted() {}

  /** Without secrets; of headers, whose values may be credentials, only the names. */
  static JsonObject of(JsonObject body) {
    JsonObject shown = body.copy();
    shown.remove("secret");
    if (shown.getValue("headers") instanceof JsonObject headers) {
      shown.put("headers", new JsonArray(headers.fieldNames().stream().sorted().toList()));
    }
    return shown;
  }
}
