package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Keys that are worth a claim, handed out one of each endpoint in turn. An endpoint has only so
 * many of them here, and a few find room however many others have, so that none crowds out another.
 * What does not fit is forgotten: looks into the table find it again, so they have to go on for as
 * long as anything waits there. Belongs to one event loop.
 */
final class OrderHints {
  private final Bounds bounds;
  private final Map<Long, Set<String>> byEndpoint = new LinkedHashMap<>();
  private int size;

  /** None yet. */
  OrderHints(Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * How many keys it keeps.
   *
   * @param total beyond which an endpoint keeps no more than the few that are sure
   * @param perEndpoint of one endpoint at most
   * @param sure of each endpoint, whatever others have; at least 1
   */
  record Bounds(int total, int perEndpoint, int sure) {}

  void add(Collection<OrderKey> keys) {
    for (OrderKey key : keys) {
      if (hasPlace(key.endpointId())
          && byEndpoint
              .computeIfAbsent(key.endpointId(), id -> new LinkedHashSet<>())
              .add(key.value())) {
        size++;
      }
    }
  }

  private boolean hasPlace(long endpointId) {
    int kept = byEndpoint.getOrDefault(endpointId, Set.of()).size();
    return kept < bounds.sure || (kept < bounds.perEndpoint && size < bounds.total);
  }

  int size() {
    return size;
  }

  /**
   * Takes up to so many keys out, of endpoints that have room for them; once one has none, it is
   * not asked again. Those of endpoints whose lane takes nothing are forgotten.
   */
  List<OrderKey> take(int most, LongPredicate takes, LongPredicate hasRoom) {
    List<OrderKey> taken = new ArrayList<>();
    Map<Long, Set<String>> without = new LinkedHashMap<>();
    while (taken.size() < most && !byEndpoint.isEmpty()) {
      long endpoint = byEndpoint.keySet().iterator().next();
      Set<String> values = byEndpoint.remove(endpoint);
      if (!takes.test(endpoint)) {
        size -= values.size();
      } else if (!hasRoom.test(endpoint)) {
        without.put(endpoint, values);
      } else {
        taken.add(new OrderKey(endpoint, takeFirst(values)));
        if (!values.isEmpty()) {
          byEndpoint.put(endpoint, values);
        }
      }
    }
    byEndpoint.putAll(without);
    return taken;
  }

  private String takeFirst(Set<String> values) {
    String first = values.iterator().next();
    values.remove(first);
    size--;
    return first;
  }
}
