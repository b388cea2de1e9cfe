package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.store.OrderedStore.Head;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes round through all keys in the table, a part with each look: round the endpoints, and within
 * an endpoint with many keys round those, so that neither keeps others from being seen. Belongs to
 * one event loop.
 */
final class LookAround {
  private static final int KEYS_PER_ENDPOINT = 200;

  private final OrderedStore.Bounds bounds;
  private final Map<Long, OrderKey> within = new HashMap<>();
  private long after;

  /**
   * @param keys of one look at most; at least 2, as each look begins with the last key of the one
   *     before
   */
  LookAround(int keys) {
    int total = Math.max(2, keys);
    this.bounds = new OrderedStore.Bounds(Math.min(KEYS_PER_ENDPOINT, total), total);
  }

  OrderedStore.Bounds bounds() {
    return bounds;
  }

  OrderedStore.Place from() {
    return new OrderedStore.Place(after, List.copyOf(within.values()));
  }

  /** What the look found, in its order. */
  void saw(List<Head> heads) {
    boolean isCut = heads.size() >= bounds.total();
    Map<Long, Integer> seen = new HashMap<>();
    Map<Long, OrderKey> last = new HashMap<>();
    for (Head head : heads) {
      seen.merge(head.key().endpointId(), 1, Integer::sum);
      last.put(head.key().endpointId(), head.key());
    }
    after = isCut ? heads.getLast().key().endpointId() : 0;
    seen.forEach(
        (endpoint, keys) -> {
          boolean more = keys >= bounds.perEndpoint() || (isCut && endpoint == after);
          within.compute(endpoint, (id, key) -> more ? last.get(endpoint) : null);
        });
  }
}
