package dev.posthaste.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * A good answer: JSON text, or nothing with 204.
 *
 * @param repeated whether it was given before, to a request with the same idempotency key
 */
record ApiAnswer(int status, Buffer body, boolean repeated) {
  ApiAnswer(int status, Buffer body) {
    this(status, body, false);
  }

  static ApiAnswer ok(JsonObject json) {
    return new ApiAnswer(200, json.toBuffer());
  }

  static ApiAnswer ok(Buffer json) {
    return new ApiAnswer(200, json);
  }

  static ApiAnswer created(JsonObject json) {
    return new ApiAnswer(201, json.toBuffer());
  }

  static ApiAnswer accepted(JsonObject json) {
    return new ApiAnswer(202, json.toBuffer());
  }

  static ApiAnswer nothing() {
    return new ApiAnswer(204, Buffer.buffer());
  }
}
