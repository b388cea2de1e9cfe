package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.store.DeferredStore.Due;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much data of claimed deliveries is in this node's memory, from their claim until they are
 * settled: on their way to a lane, seconds before their time, in a lane, in flight. A lane asks for
 * memory when a delivery comes, which is too late for what a claim has already brought. Belongs to
 * the event loop of the claimer; deliveries are settled on any.
 */
public final class ClaimedBytes {
  /** One part in so many of what lanes may hold: the rest is for what comes directly. */
  private static final int CLAIMED_SHARE = 2;

  /** One part in so many is brought by one look, which has it in memory twice for a moment. */
  private static final int LOOK_SHARE = 4;

  private final long most;
  private final long mostPerTenant;
  private final long leaseNanos;

  /** What the looks have brought, the oldest first. */
  private final Deque<Catch> catches = new ArrayDeque<>();

  /**
   * @param lease after which a delivery counts no more: others may have it
   */
  public ClaimedBytes(FairnessSettings fairness, Duration lease) {
    this.most = fairness.maxQueuedBytes() / CLAIMED_SHARE;
    this.mostPerTenant = fairness.maxQueuedPerTenantBytes() / CLAIMED_SHARE;
    this.leaseNanos = lease.toNanos();
  }

  /** How much the next look may bring; 0 if nothing. */
  long room(long nowNanos) {
    catches.removeIf(one -> one.isEmpty() || nowNanos - one.sinceNanos > leaseNanos);
    long held = byTenant().values().stream().mapToLong(Long::longValue).sum();
    return Math.max(0, Math.min(most / LOOK_SHARE, most - held));
  }

  /** Tenants of which no more may be brought, so that others find room. */
  Set<Long> full() {
    Set<Long> full = new HashSet<>();
    byTenant()
        .forEach(
            (tenant, bytes) -> {
              if (bytes >= mostPerTenant) {
                full.add(tenant);
              }
            });
    return full;
  }

  private Map<Long, Long> byTenant() {
    Map<Long, Long> sums = new HashMap<>();
    for (Catch one : catches) {
      one.byTenant.forEach((tenant, bytes) -> sums.merge(tenant, bytes.get(), Long::sum));
    }
    return sums;
  }

  /** Counts deliveries that a look has brought; hands them back as they are to be passed on. */
  List<Due> keep(List<Due> due, long nowNanos) {
    Catch caught = new Catch(nowNanos);
    catches.add(caught);
    return due.stream().map(caught::keep).toList();
  }

  /** What one look has brought and is not settled. */
  private static final class Catch {
    private final long sinceNanos;
    private final Map<Long, AtomicLong> byTenant = new HashMap<>();

    Catch(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }

    Due keep(Due due) {
      Delivery delivery = due.delivery();
      int size = delivery.event().data().size();
      AtomicLong bytes =
          byTenant.computeIfAbsent(delivery.event().tenantId(), id -> new AtomicLong());
      bytes.addAndGet(size);
      return new Due(delivery.telling(() -> bytes.addAndGet(-size)), due.dueInMillis());
    }

    boolean isEmpty() {
      return byTenant.values().stream().allMatch(bytes -> bytes.get() == 0);
    }
  }
}
