package dev.posthaste.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts, per disabled endpoint, the events that it would have got, until somebody takes the counts
 * down. Used on any thread.
 */
public final class MissedEvents {
  private final Map<Long, Long> counts = new ConcurrentHashMap<>();

  void count(long endpointId) {
    counts.merge(endpointId, 1L, Long::sum);
  }

  /** Hands out the counts and begins anew. */
  public Map<Long, Long> take() {
    if (counts.isEmpty()) {
      return Map.of();
    }
    Map<Long, Long> taken = new HashMap<>();
    for (Long endpointId : List.copyOf(counts.keySet())) {
      taken.put(endpointId, counts.remove(endpointId));
    }
    return taken;
  }

  /** Takes back what could not be taken down. */
  public void giveBack(Map<Long, Long> untold) {
    untold.forEach((endpointId, count) -> counts.merge(endpointId, count, Long::sum));
  }
}
