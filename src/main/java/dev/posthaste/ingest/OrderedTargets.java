package dev.posthaste.ingest;

import dev.posthaste.event.Event;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Ordering;
import dev.posthaste.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the targets that want their deliveries in order. Where nobody does it costs nothing. */
final class OrderedTargets {
  private final Registry registry;

  OrderedTargets(Registry registry) {
    this.registry = registry;
  }

  /** In the order of the events. */
  List<OrderedTarget> of(List<Event> events) {
    if (!registry.knowsOrdered()) {
      return List.of();
    }
    List<OrderedTarget> ordered = new ArrayList<>();
    for (Event event : events) {
      for (long target : event.targets()) {
        Optional<Ordering> ordering = registry.ordering(target);
        if (ordering.isPresent()) {
          String value =
              ordering.get().keyPointer().map(at -> OrderValue.of(event.data(), at)).orElse("");
          ordered.add(new OrderedTarget(event.id(), new OrderKey(target, value)));
        }
      }
    }
    return ordered;
  }
}
