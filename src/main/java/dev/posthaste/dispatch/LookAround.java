package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.store.OrderedStore.Head;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Goes round through all keys in the table, a part with each look: round the endpoints, and within
 * an endpoint with many keys round those, so that neither keeps others from being seen. Belongs to
 * one event loop.
 */
final class LookAround {
  private static final int KEYS_PER_ENDPOINT = 200;

  /** The least pause. */
  private static final long BUSY_MILLIS = 20;

  /** Within a round of keys that cannot go, as long as so many looks is the pause between two. */
  private static final int PAUSE_LOOKS = 4;

  private final OrderedStore.Bounds bounds;
  private final long restMillis;
  private final Map<Long, OrderKey> within = new HashMap<>();
  private long after;

  /**
   * @param keys of one look at most; at least 2, as each look begins with the last key of the one
   *     before
   * @param rest pause between two rounds that find nothing
   */
  LookAround(int keys, Duration rest) {
    int total = Math.max(2, keys);
    this.bounds = new OrderedStore.Bounds(Math.min(KEYS_PER_ENDPOINT, total), total);
    this.restMillis = rest.toMillis();
  }

  OrderedStore.Bounds bounds() {
    return bounds;
  }

  OrderedStore.Place from() {
    return new OrderedStore.Place(after, List.copyOf(within.values()));
  }

  /**
   * What the look found, in its order.
   *
   * @param passedBy endpoints that it left out
   */
  void saw(List<Head> heads, Set<Long> passedBy) {
    boolean isCut = heads.size() >= bounds.total();
    long before = after;
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
    // Where it came by and found nothing, only keys before that place can wait.
    within
        .keySet()
        .removeIf(
            id ->
                id > before
                    && (!isCut || id < after)
                    && !seen.containsKey(id)
                    && !passedBy.contains(id));
  }

  /**
   * For how long none is worth it after one that found so many keys that can go. Until all
   * endpoints have had their turn, looks go on although they find none, or keys that cannot go
   * would hide one that can; but only so often that the database does not feel it.
   *
   * @param lookNanos how long the look took
   */
  long pauseMillis(int able, long lookNanos) {
    if (able > 0) {
      return BUSY_MILLIS;
    }
    long goOn = Math.max(BUSY_MILLIS, TimeUnit.NANOSECONDS.toMillis(lookNanos) * PAUSE_LOOKS);
    return after == 0 ? restMillis : Math.min(restMillis, goOn);
  }
}
