package dev.posthaste.dispatch;

import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;

/**
 * Remembers the last body: the endpoints of one contract get the same bytes of an event, and mostly
 * one after the other. Belongs to one event loop.
 */
final class BodyCache {
  private long eventId = -1;
  private String contract = "";
  private Payload body = Payload.of("");

  Payload body(Event event, Channel channel) {
    String name = channel.contract().name();
    if (event.id() != eventId || !name.equals(contract)) {
      body = channel.contract().body(event, channel.tenant());
      eventId = event.id();
      contract = name;
    }
    return body;
  }
}
