package dev.posthaste.registry;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Endpoints by the texts of their filters. A type passes few filters, its own name and one for each
 * part of it, so that a tenant with ten thousand endpoints costs no more for each new type than one
 * with ten. Immutable.
 */
final class Subscriptions {
  private final Map<String, List<Endpoint>> byFilter = new HashMap<>();

  Subscriptions(Collection<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      for (EventFilter filter : endpoint.eventTypeFilters()) {
        byFilter.computeIfAbsent(filter.text(), text -> new ArrayList<>(1)).add(endpoint);
      }
    }
  }

  /** Endpoints with a filter that the type passes, in no order; one with several comes again. */
  Stream<Endpoint> of(String type) {
    return filtersOf(type).stream()
        .flatMap(text -> Optional.ofNullable(byFilter.get(text)).stream())
        .flatMap(List::stream);
  }

  /** The texts of all filters that the type passes; {@link EventFilter#matches} is the rule. */
  private static List<String> filtersOf(String type) {
    List<String> texts = new ArrayList<>();
    texts.add(type);
    texts.add("*");
    for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
      texts.add(type.substring(0, dot + 1) + "*");
    }
    return texts;
  }
}
