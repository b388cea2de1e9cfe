package dev.posthaste.dispatch;

import dev.posthaste.event.OrderKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/** The claimed runs that this node has in memory. Belongs to one event loop. */
final class HeldRuns {
  private final Bounds bounds;
  private final LongUnaryOperator tenantOf;
  private final Map<OrderKey, ClaimedRun> byKey = new HashMap<>();
  private final Map<Long, Integer> byEndpoint = new HashMap<>();
  private final Map<Long, Long> bytesByTenant = new HashMap<>();
  private final Map<Long, Long> restingUntilNanos = new HashMap<>();
  private long bytes;

  /**
   * @param tenantOf the tenant of an endpoint
   */
  HeldRuns(Bounds bounds, LongUnaryOperator tenantOf) {
    this.bounds = bounds;
    this.tenantOf = tenantOf;
  }

  /**
   * How much it holds.
   *
   * @param perEndpoint keys of one endpoint at a time
   * @param bytes of data, after which no more runs are claimed
   * @param bytesPerTenant the same of one tenant
   * @param bytesPerRun what a run that is yet to be claimed may have
   */
  record Bounds(int perEndpoint, long bytes, long bytesPerTenant, long bytesPerRun) {}

  void add(ClaimedRun run) {
    byKey.put(run.key(), run);
    byEndpoint.merge(run.key().endpointId(), 1, Integer::sum);
    bytes += run.bytes();
    bytesByTenant.merge(run.tenantId(), run.bytes(), Long::sum);
  }

  void remove(ClaimedRun run) {
    if (byKey.remove(run.key(), run)) {
      byEndpoint.computeIfPresent(
          run.key().endpointId(), (id, count) -> count > 1 ? count - 1 : null);
      bytes -= run.bytes();
      bytesByTenant.computeIfPresent(
          run.tenantId(), (id, sum) -> sum > run.bytes() ? sum - run.bytes() : null);
    }
  }

  boolean holds(OrderKey key) {
    return byKey.containsKey(key);
  }

  boolean isFull() {
    return bytes >= bounds.bytes;
  }

  /** How many runs more may be claimed, however large they are. */
  int runs() {
    return runsWithin(bounds.bytes - bytes);
  }

  private int runsOf(long tenant) {
    return runsWithin(bounds.bytesPerTenant - bytesByTenant.getOrDefault(tenant, 0L));
  }

  private int runsWithin(long room) {
    return Math.toIntExact(Math.max(0, Math.ceilDiv(room, bounds.bytesPerRun)));
  }

  /** Leaves an endpoint alone until a time by {@link System#nanoTime}. */
  void rest(long endpointId, long untilNanos) {
    restingUntilNanos.put(endpointId, untilNanos);
  }

  /** How many keys more of an endpoint may be claimed. */
  int room(long endpointId) {
    return restingUntilNanos.containsKey(endpointId)
        ? 0
        : Math.min(
            bounds.perEndpoint - byEndpoint.getOrDefault(endpointId, 0),
            runsOf(tenantOf.applyAsLong(endpointId)));
  }

  /** For one claim: whether a key more of an endpoint fits, beside those that it said yes to. */
  LongPredicate fitting() {
    Map<Long, Integer> ofEndpoints = new HashMap<>();
    Map<Long, Integer> ofTenants = new HashMap<>();
    return id -> {
      long tenant = tenantOf.applyAsLong(id);
      boolean fits =
          ofEndpoints.getOrDefault(id, 0) < room(id)
              && ofTenants.getOrDefault(tenant, 0) < runsOf(tenant);
      if (fits) {
        ofEndpoints.merge(id, 1, Integer::sum);
        ofTenants.merge(tenant, 1, Integer::sum);
      }
      return fits;
    };
  }

  /** Endpoints of which no key may be claimed. */
  Set<Long> satisfied() {
    Set<Long> satisfied = new HashSet<>(restingUntilNanos.keySet());
    byEndpoint.keySet().stream().filter(id -> room(id) <= 0).forEach(satisfied::add);
    return satisfied;
  }

  /** Forgets runs whose lease ran out before all was told of them, and rests that are over. */
  void sweep() {
    long now = System.nanoTime();
    restingUntilNanos.values().removeIf(until -> until - now <= 0);
    List.copyOf(byKey.values()).stream().filter(ClaimedRun::isExpired).forEach(this::remove);
  }
}
