package dev.posthaste.api;

import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.store.EventStore;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the event that a client names: by our id as lists show it, by the id that the answer to its
 * post had, which some contracts make from its content, or by the publisher's own.
 */
final class EventIds {
  private final EventStore events;

  EventIds(EventStore events) {
    this.events = events;
  }

  /** Its id; empty if nothing is known by the text. An id of ours is not looked up. */
  Future<Optional<Long>> find(Tenant tenant, String text) {
    OptionalLong own = PublicId.EVENT.parse(text);
    if (own.isPresent()) {
      return Future.succeededFuture(Optional.of(own.getAsLong()));
    }
    // PostgreSQL cannot be asked for what its text cannot hold.
    if (text.indexOf('\0') >= 0) {
      return Future.succeededFuture(Optional.empty());
    }
    OptionalLong occurredAt = EventIdScheme.occurredAtOf(text);
    return occurredAt.isPresent()
        ? events.idOf(tenant.id(), text, occurredAt.getAsLong())
        : events.idOf(tenant.id(), text);
  }
}
