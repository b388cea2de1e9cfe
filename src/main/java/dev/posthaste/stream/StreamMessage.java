package dev.posthaste.stream;

import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Timestamps;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * One message of a stream, rendered once for all who hear it.
 *
 * @param text JSON
 * @param bytes that it has, about
 */
record StreamMessage(String text, int bytes) {
  /** The first one: who is heard here, and what it takes to show events as receivers see them. */
  static StreamMessage hello(Tenant tenant, WantedTypes types, long nowMillis) {
    JsonArray wanted = new JsonArray(types.filters().stream().map(EventFilter::text).toList());
    JsonObject shown =
        new JsonObject()
            .put("uid", tenant.uid())
            .put("contract", tenant.contract())
            .put("orgId", tenant.orgId().orElse(null))
            .put("envId", tenant.envId().orElse(null));
    return of(
        new JsonObject()
            .put("type", "hello")
            .put("at", Timestamps.iso(nowMillis))
            .put("tenant", shown)
            .put("types", wanted));
  }

  /** The data is not parsed, so that not a byte of it changes. */
  static StreamMessage of(Event event) {
    String head =
        new JsonObject()
            .put("id", PublicId.EVENT.format(event.id()))
            .put("type", event.type())
            .put("occurredAt", Timestamps.iso(event.occurredAtMillis()))
            .put("acceptedAt", Timestamps.iso(IdGenerator.millisOf(event.id())))
            .put("resourceId", event.resourceId().orElse(null))
            .encode();
    String text =
        "{\"type\":\"event\",\"event\":"
            + head.substring(0, head.length() - 1)
            + ",\"data\":"
            + new String(event.data().bytes(), StandardCharsets.UTF_8)
            + "}}";
    return new StreamMessage(text, 2 * head.length() + event.data().bytes().length);
  }

  /** Some events were left out that were accepted at this time or later. */
  static StreamMessage gap(long sinceMillis) {
    return of(new JsonObject().put("type", "gap").put("since", Timestamps.iso(sinceMillis)));
  }

  private static StreamMessage of(JsonObject json) {
    String text = json.encode();
    return new StreamMessage(text, text.length());
  }
}
