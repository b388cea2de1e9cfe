package dev.posthaste.api;

import dev.posthaste.event.EventType;
import dev.posthaste.event.ResourceKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A catalog as answers show it. Schemas and examples are JSON already and are put in as text. */
final class EventTypeView {
  private EventTypeView() {}

  static Buffer of(Collection<EventType> types) {
    List<String> entries =
        types.stream()
            .sorted(Comparator.comparing(EventType::name))
            .map(EventTypeView::entry)
            .toList();
    return Buffer.buffer("{\"eventTypes\":[" + String.join(",", entries) + "]}");
  }

  /** The answer that has one of them. */
  static Buffer one(EventType type) {
    return Buffer.buffer("{\"eventType\":" + entry(type) + "}");
  }

  private static String entry(EventType type) {
    String head =
        new JsonObject()
            .put("type", type.name())
            .put("stability", type.stability().name().toLowerCase(Locale.ROOT))
            .put("scope", type.scope().orElse(null))
            .put("resource", type.resource().map(ResourceKind::code).orElse(null))
            .put("description", type.description())
            .encode();
    return head.substring(0, head.length() - 1)
        + ",\"schema\":"
        + type.schema()
        + ",\"example\":"
        + type.example()
        + "}";
  }
}
