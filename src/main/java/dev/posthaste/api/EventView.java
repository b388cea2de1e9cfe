package dev.posthaste.api;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryRecord.State;
import dev.posthaste.store.EventPages.Summary;
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

  static JsonObject of(Summary event) {
    int pending = event.counts().getOrDefault(State.PENDING, 0);
    int delivered = event.counts().getOrDefault(State.DELIVERED, 0);
    int failed = event.counts().getOrDefault(State.FAILED, 0);
    return new JsonObject()
        .put("id", PublicId.EVENT.format(event.id()))
        .put("type", event.type())
        .put("occurredAt", Times.text(event.occurredAtMillis()))
        .put("acceptedAt", Times.text(IdGenerator.millisOf(event.id())))
        .put("resourceId", event.resourceId().orElse(null))
        .put("publisherId", event.key().orElse(null))
        .put("state", state(pending, delivered, failed))
        .put(
            "deliveries",
            new JsonObject()
                .put("pending", pending)
                .put("delivered", delivered)
                .put("failed", failed));
  }

  /** What still waits may yet turn out either way. */
  private static String state(int pending, int delivered, int failed) {
    if (pending > 0) {
      return "pending";
    }
    if (failed > 0) {
      return "failed";
    }
    return delivered > 0 ? "delivered" : "unmatched";
  }

  static JsonObject head(Event event) {
    return new JsonObject()
        .put("id", PublicId.EVENT.format(event.id()))
        .put("type", event.type())
        .put("occurredAt", Times.text(event.occurredAtMillis()))
        .put("acceptedAt", Times.text(IdGenerator.millisOf(event.id())))
        .put("resourceId", event.resourceId().orElse(null))
        .put("publisherId", event.key().orElse(null))
        .put("clientWebhookUrl", event.directUrl().orElse(null))
        .put(
            "standsFor",
            event.standsFor().isPresent()
                ? PublicId.EVENT.format(event.standsFor().getAsLong())
                : null);
  }
}
