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

  /**
   * One part in so many of what is left is brought by one look, which has it twice for a moment.
   */
  private static final int LOOK_SHARE = 4;

  /** One part in so many of what is left is the most that a tenant may have. */
  private static final int TENANT_SHARE = 2;

  private final long most;
  private final long mostPerTenant;
  private final long leaseNanos;

  /** What is held of each tenant, as far as anything is. */
  private final Map<Long, AtomicLong> byTenant = new HashMap<>();

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

  /** Lets go of what is settled or no longer this node's; to be called before each look. */
  void sweep(long nowNanos) {
    catches.removeIf(one -> one.isOver(nowNanos));
    byTenant.values().removeIf(bytes -> bytes.get() == 0);
  }

  /** Whether nothing more may be brought, of whichever tenant. */
  boolean isFull() {
    return left() <= 0;
  }

  /** How much the next look may bring, if anything; at least 1. */
  long room() {
    return Math.max(1, left() / LOOK_SHARE);
  }

  /**
   * Tenants of which no more may be brought: those that have their share, or much beside what is
   * left. So a few tenants that do not get rid of what they have leave room for others.
   */
  Set<Long> full() {
    long share = Math.min(mostPerTenant, left() / TENANT_SHARE);
    Set<Long> full = new HashSet<>();
    byTenant.forEach(
        (tenant, bytes) -> {
          if (bytes.get() >= share) {
            full.add(tenant);
          }
        });
    return full;
  }

  private long left() {
    return most - byTenant.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Counts deliveries that a look has brought; hands them back as they are to be passed on. */
  List<Due> keep(List<Due> due, long nowNanos) {
    Catch caught = new Catch(nowNanos);
    catches.add(caught);
    return due.stream().map(caught::keep).toList();
  }

  /** What one look has brought and is not settled. */
  private final class Catch {
    private final long sinceNanos;
    private final Map<Long, Part> parts = new HashMap<>();

    Catch(long sinceNanos) {
      this.sinceNanos = sinceNanos;
    }

    Due keep(Due due) {
      Delivery delivery = due.delivery();
      int size = delivery.event().data().size();
      Part part =
          parts.computeIfAbsent(
              delivery.event().tenantId(),
              id -> new Part(byTenant.computeIfAbsent(id, key -> new AtomicLong())));
      part.add(size);
      return new Due(delivery.telling(() -> part.settle(size)), due.dueInMillis());
    }

    boolean isOver(long nowNanos) {
      if (nowNanos - sinceNanos > leaseNanos) {
        parts.values().forEach(Part::forget);
      }
      parts.values().removeIf(Part::isEmpty);
      return parts.isEmpty();
    }
  }

  /** One tenant's part of a catch. */
  private record Part(AtomicLong left, AtomicLong ofTenant) {
    Part(AtomicLong ofTenant) {
      this(new AtomicLong(), ofTenant);
    }

    void add(int size) {
      left.addAndGet(size);
      ofTenant.addAndGet(size);
    }

    /** On any thread. Of what is forgotten nothing is left, and nothing is taken off twice. */
    void settle(int size) {
      if (left.getAndUpdate(bytes -> Math.max(0, bytes - size)) >= size) {
        ofTenant.addAndGet(-size);
      }
    }

    void forget() {
      ofTenant.addAndGet(-left.getAndSet(0));
    }

    boolean isEmpty() {
      return left.get() == 0;
    }
  }
}
