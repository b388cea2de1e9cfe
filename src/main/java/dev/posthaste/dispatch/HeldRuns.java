package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The claimed runs that this node has in memory. Belongs to one event loop. */
final class HeldRuns {
  private final int perEndpoint;
  private final long maxBytes;
  private final Map<OrderKey, ClaimedRun> byKey = new HashMap<>();
  private final Map<Long, Integer> byEndpoint = new HashMap<>();
  private final Map<Long, Long> restingUntilNanos = new HashMap<>();
  private long bytes;

  /**
   * @param perEndpoint keys of one endpoint at a time
   * @param maxBytes of data, after which no more runs are claimed
   */
  HeldRuns(int perEndpoint, long maxBytes) {
    this.perEndpoint = perEndpoint;
    this.maxBytes = maxBytes;
  }

  void add(ClaimedRun run) {
    byKey.put(run.key(), run);
    byEndpoint.merge(run.key().endpointId(), 1, Integer::sum);
    bytes += run.bytes();
  }

  void remove(ClaimedRun run) {
    if (byKey.remove(run.key(), run)) {
      byEndpoint.computeIfPresent(
          run.key().endpointId(), (id, count) -> count > 1 ? count - 1 : null);
      bytes -= run.bytes();
    }
  }

  boolean holds(OrderKey key) {
    return byKey.containsKey(key);
  }

  boolean isFull() {
    return bytes >= maxBytes;
  }

  /** Leaves an endpoint alone until a time by {@link System#nanoTime}. */
  void rest(long endpointId, long untilNanos) {
    restingUntilNanos.put(endpointId, untilNanos);
  }

  /** How many keys more of an endpoint may be claimed. */
  int room(long endpointId) {
    return restingUntilNanos.containsKey(endpointId)
        ? 0
        : perEndpoint - byEndpoint.getOrDefault(endpointId, 0);
  }

  /** Endpoints of which no key may be claimed. */
  Set<Long> satisfied() {
    Set<Long> satisfied = new HashSet<>(restingUntilNanos.keySet());
    byEndpoint.forEach(
        (id, count) -> {
          if (count >= perEndpoint) {
            satisfied.add(id);
          }
        });
    return satisfied;
  }

  /** Forgets runs whose lease ran out before all was told of them, and rests that are over. */
  void sweep() {
    long now = System.nanoTime();
    restingUntilNanos.values().removeIf(until -> until - now <= 0);
    List.copyOf(byKey.values()).stream().filter(ClaimedRun::isExpired).forEach(this::remove);
  }
}
