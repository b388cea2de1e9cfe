package dev.posthaste.loadtest.demo;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * An event as its publisher posts it.
 *
 * @param id the publisher's own; none where the id follows from the content
 */
record Post(
    Customer customer, String type, JsonObject data, Optional<String> id, Optional<Update> update) {

  /** What makes the id of an Offload event. */
  record Update(String id, Instant occurredAt) {}

  JsonObject body() {
    JsonObject body = new JsonObject().put("type", type).put("data", data);
    id.ifPresent(text -> body.put("id", text));
    update.ifPresent(
        known ->
            body.put("resourceId", known.id()).put("occurredAt", known.occurredAt().toString()));
    return body;
  }

  /** The id that receivers must see, where it follows from the content. */
  Optional<String> expectedId() {
    return update.map(
        known ->
            "evt_%s_%s_%d"
                .formatted(known.id(), type.replace('.', '_'), known.occurredAt().toEpochMilli()));
  }
}
