package dev.posthaste.ingest;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Settlement;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EventLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a commit has made durable.
 *
 * @param ordered targets that have a deferred row since: they are settled from birth
 * @param repeated the events that were seen before, by the id that they would have had
 */
record Committed(
    List<Event> events, List<OrderedTarget> ordered, Map<Long, EventLog.Original> repeated) {
  private static final Optional<Instant> NOTHING_DROPPED = Optional.of(Instant.EPOCH);

  Committed(List<Event> events, List<OrderedTarget> ordered, List<EventLog.Repeat> repeats) {
    this(events, ordered, new HashMap<>());
    repeats.forEach(repeat -> repeated.put(repeat.givenId(), repeat.original()));
  }

  /** Whether it was not seen before. */
  boolean isNew(Event event) {
    return !repeated.containsKey(event.id());
  }

  /** What is delivered from memory: neither repeats nor what has an order. */
  List<Delivery> deliveries(Registry registry, Settlement settlement) {
    Set<DeliveryId> inTable =
        ordered.stream()
            .map(target -> new DeliveryId(target.eventId(), target.key().endpointId()))
            .collect(Collectors.toSet());
    List<Delivery> deliveries = new ArrayList<>(events.size());
    for (Event event : events) {
      if (repeated.isEmpty() || !repeated.containsKey(event.id())) {
        for (long target : event.targets()) {
          if (inTable.isEmpty() || !inTable.contains(new DeliveryId(event.id(), target))) {
            deliveries.add(live(event, target, registry, settlement));
          }
        }
      }
    }
    return deliveries;
  }

  private static Delivery live(Event event, long target, Registry registry, Settlement settlement) {
    return new Delivery(
        event,
        target,
        0,
        Attempt.Trigger.LIVE,
        false,
        Optional.empty(),
        registry.endpoint(target).flatMap(Endpoint::droppedBefore).or(() -> NOTHING_DROPPED),
        settlement);
  }

  /** Each order in which something new waits. */
  List<OrderKey> waitingKeys() {
    return ordered.stream()
        .filter(target -> !repeated.containsKey(target.eventId()))
        .map(OrderedTarget::key)
        .distinct()
        .toList();
  }
}
