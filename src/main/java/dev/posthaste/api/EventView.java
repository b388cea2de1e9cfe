package dev.posthaste.api;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.DeliveryRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** An event as answers show it. Its data is not parsed, so that not a byte of it changes. */
final class EventView {
  private EventView() {}

  static Buffer of(Event event, List<DeliveryRecord> deliveries) {
    JsonArray list = new JsonArray();
    deliveries.forEach(delivery -> list.add(DeliveryView.of(delivery)));
    String head = head(event).encode();
    return Buffer.buffer("{\"event\":")
        .appendString(head.substring(0, head.length() - 1))
        .appendString(",\"data\":")
        .appendBytes(event.data().bytes())
        .appendString("},\"deliveries\":")
        .appendBuffer(list.toBuffer())
        .appendString("}");
  }

  private static JsonObject head(Event event) {
    return new JsonObject()
        .put("id", PublicId.EVENT.format(event.id()))
        .put("type", event.type())
        .put("occurredAt", Times.text(event.occurredAtMillis()))
        .put("acceptedAt", Times.text(IdGenerator.millisOf(event.id())))
        .put("resourceId", event.resourceId().orElse(null))
        .put("publisherId", event.key().orElse(null));
  }
}
