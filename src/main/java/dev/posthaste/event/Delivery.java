package dev.posthaste.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One event on its way to one endpoint, as it waits in memory for its next attempt.
 *
 * @param attempts made so far
 * @param trigger why the next attempt is made
 * @param deferred whether a row in the table of deferred deliveries stands for it, which its
 *     outcome must then remove or renew
 * @param order of an ordered delivery: under which it was claimed. It is started only while that
 *     holds and no other one of the same key is under way
 * @param waitsSince a moment before which it did not wait, by the clock of the database: when its
 *     row was made, or when what waited for its endpoint was last dropped; none if nobody knows
 * @param dueNanos since when its next attempt is due, by {@link System#nanoTime}; none if that is
 *     when it came into its lane
 * @param settlement told once, when a final outcome or a deferred row is committed
 */
public record Delivery(
    Event event,
    long endpointId,
    int attempts,
    Attempt.Trigger trigger,
    boolean deferred,
    Optional<OrderLease> order,
    Optional<Instant> waitsSince,
    OptionalLong dueNanos,
    Settlement settlement) {

  /** That is due when it comes into its lane. */
  public Delivery(
      Event event,
      long endpointId,
      int attempts,
      Attempt.Trigger trigger,
      boolean deferred,
      Optional<OrderLease> order,
      Optional<Instant> waitsSince,
      Settlement settlement) {
    this(
        event,
        endpointId,
        attempts,
        trigger,
        deferred,
        order,
        waitsSince,
        OptionalLong.empty(),
        settlement);
  }

  /** Of which nobody knows since when it waits. */
  public Delivery(
      Event event,
      long endpointId,
      int attempts,
      Attempt.Trigger trigger,
      boolean deferred,
      Optional<OrderLease> order,
      Settlement settlement) {
    this(event, endpointId, attempts, trigger, deferred, order, Optional.empty(), settlement);
  }

  public DeliveryId id() {
    return new DeliveryId(event.id(), endpointId);
  }

  /** Whether an attempt that takes so long at most may be started, as far as order goes. */
  public boolean isOurs(Duration attempt) {
    return order.isEmpty() || order.get().holds(attempt);
  }

  /** Whether it waited already then. */
  boolean waitedAt(Instant then) {
    return waitsSince.filter(since -> since.isBefore(then)).isPresent();
  }

  /** The same delivery, with this to be told. */
  public Delivery telling(Settlement other) {
    return new Delivery(
        event, endpointId, attempts, trigger, deferred, order, waitsSince, dueNanos, other);
  }

  /** The same delivery after one more attempt that was not final. */
  public Delivery retried() {
    return new Delivery(
        event, endpointId, attempts + 1, trigger.again(), deferred, order, waitsSince, settlement);
  }
}
