package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Endpoints of which keys wait although their lanes take nothing: looks into the table pass them by
 * for as long as that is so, or the keys of many that are away would fill one look after the other.
 * Belongs to one event loop.
 */
final class ShutLanes {
  private final LongPredicate takes;
  private final int capacity;
  private final Set<Long> shut = new HashSet<>();

  /**
   * @param takes whether the lane of an endpoint can take deliveries
   * @param capacity endpoints at most; others are not passed by
   */
  ShutLanes(LongPredicate takes, int capacity) {
    this.takes = takes;
    this.capacity = capacity;
  }

  /** A look has found these keys. */
  void saw(Collection<OrderKey> keys) {
    for (OrderKey key : keys) {
      long endpoint = key.endpointId();
      if (shut.size() < capacity && !shut.contains(endpoint) && !takes.test(endpoint)) {
        shut.add(endpoint);
      }
    }
  }

  /** Those whose lanes still take nothing. */
  Set<Long> endpoints() {
    shut.removeIf(takes::test);
    return Set.copyOf(shut);
  }
}
