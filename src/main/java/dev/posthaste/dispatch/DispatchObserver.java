package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;

/**
 * Sees what a dispatcher does. Called on the dispatcher's event loop, on the hot path: it must be
 * quick and must not throw.
 */
public interface DispatchObserver {
  /** Sees nothing. */
  DispatchObserver NONE = new DispatchObserver() {};

  /**
   * An attempt begins.
   *
   * @param waitedMillis how long the delivery waited for its turn since the attempt was due
   */
  default void started(Delivery delivery, long waitedMillis) {}

  /**
   * An attempt has ended and was judged.
   *
   * @param endpoint as it was when the attempt began
   */
  default void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {}

  /** A delivery was put off without an attempt. */
  default void parked(Delivery delivery, Deferral.Reason reason) {}

  /** A delivery was given up without an attempt: its endpoint is deleted or wants it no more. */
  default void discarded(Delivery delivery) {}

  /**
   * A group of outcomes was committed.
   *
   * @param nanos from the start of the commit to its end
   */
  default void recorded(int outcomes, long nanos) {}

  /** How many outcomes wait for their commit, those under way included; whenever that changes. */
  default void buffered(int outcomes) {}

  /** How much the dispatcher holds; told about twice a second. */
  default void loaded(Load load) {}

  /** Both see it, this one first. */
  default DispatchObserver and(DispatchObserver other) {
    return new ObserverPair(this, other);
  }

  /**
   * What a dispatcher holds at a moment.
   *
   * @param lanes in memory, idle ones included
   * @param waiting deliveries in lanes
   * @param waitingBytes of their payloads
   * @param inFlight attempts under way
   * @param openBreakers lanes that only probe
   * @param oldestWaitingMillis how long the oldest delivery has waited in its lane
   */
  record Load(
      int lanes,
      int waiting,
      long waitingBytes,
      int inFlight,
      int openBreakers,
      long oldestWaitingMillis) {}
}
