package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import java.util.List;
import java.util.Optional;

/**
 * Asked, within the transaction that changes an endpoint, which events tell of the change; they are
 * committed with it or not at all. Called on any event loop.
 */
@FunctionalInterface
public interface EndpointWitness {
  /** Tells nobody. */
  EndpointWitness NONE = (before, after) -> List.of();

  /**
   * Events to append, with their targets; none if nobody wants to know.
   *
   * @param before the endpoint as it was; none if it is new
   * @param after the endpoint as it will be; none if it is deleted
   */
  List<Event> tell(Optional<Endpoint> before, Optional<Endpoint> after);
}
