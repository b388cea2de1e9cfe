package dev.posthaste.contract;

import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import java.util.Map;
import java.util.Optional;

/**
 * The event types that an operator publishes.
 *
 * @param byName in no order
 */
public record Catalog(String name, Map<String, EventType> byName) {
  public Catalog {
    byName = Map.copyOf(byName);
  }

  /** The entry of that name, if there is one. */
  public Optional<EventType> type(String eventType) {
    return Optional.ofNullable(byName.get(eventType));
  }

  /** Whether any type passes the filter: one that can match nothing is a mistake. */
  public boolean canMatch(EventFilter filter) {
    return byName.keySet().stream().anyMatch(filter::matches);
  }
}
