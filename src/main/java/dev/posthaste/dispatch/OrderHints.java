package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Keys that are worth a claim, handed out one of each endpoint in turn. What does not fit is
 * forgotten: a look into the table finds it again. Belongs to one event loop.
 */
final class OrderHints {
  private final int capacity;
  private final Map<Long, Set<String>> byEndpoint = new LinkedHashMap<>();
  private int size;

  /**
   * @param capacity keys at most
   */
  OrderHints(int capacity) {
    this.capacity = capacity;
  }

  void add(Collection<OrderKey> keys) {
    for (OrderKey key : keys) {
      if (size < capacity
          && byEndpoint
              .computeIfAbsent(key.endpointId(), id -> new LinkedHashSet<>())
              .add(key.value())) {
        size++;
      }
    }
  }

  int size() {
    return size;
  }

  /** Takes up to so many keys out, of endpoints that can take one. */
  List<OrderKey> take(int most, LongPredicate hasRoom) {
    List<OrderKey> taken = new ArrayList<>();
    int before;
    do {
      before = taken.size();
      oneOfEach(most, hasRoom, taken);
    } while (taken.size() > before && taken.size() < most);
    return taken;
  }

  /** An endpoint that had its turn goes to the end. */
  private void oneOfEach(int most, LongPredicate hasRoom, List<OrderKey> taken) {
    Map<Long, Set<String>> later = new LinkedHashMap<>();
    Iterator<Map.Entry<Long, Set<String>>> endpoints = byEndpoint.entrySet().iterator();
    while (endpoints.hasNext() && taken.size() < most) {
      Map.Entry<Long, Set<String>> endpoint = endpoints.next();
      if (hasRoom.test(endpoint.getKey())) {
        Iterator<String> values = endpoint.getValue().iterator();
        taken.add(new OrderKey(endpoint.getKey(), values.next()));
        values.remove();
        size--;
        endpoints.remove();
        if (!endpoint.getValue().isEmpty()) {
          later.put(endpoint.getKey(), endpoint.getValue());
        }
      }
    }
    byEndpoint.putAll(later);
  }
}
