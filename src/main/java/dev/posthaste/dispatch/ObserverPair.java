package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;

/** Two observers as one. */
record ObserverPair(DispatchObserver first, DispatchObserver second) implements DispatchObserver {
  @Override
  public void started(Delivery delivery, long waitedMillis) {
    first.started(delivery, waitedMillis);
    second.started(delivery, waitedMillis);
  }

  @Override
  public void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
    first.attempted(endpoint, delivery, attempt);
    second.attempted(endpoint, delivery, attempt);
  }

  @Override
  public void parked(Delivery delivery, Deferral.Reason reason) {
    first.parked(delivery, reason);
    second.parked(delivery, reason);
  }

  @Override
  public void discarded(Delivery delivery) {
    first.discarded(delivery);
    second.discarded(delivery);
  }

  @Override
  public void recorded(int outcomes, long nanos) {
    first.recorded(outcomes, nanos);
    second.recorded(outcomes, nanos);
  }

  @Override
  public void buffered(int outcomes) {
    first.buffered(outcomes);
    second.buffered(outcomes);
  }

  @Override
  public void loaded(Load load) {
    first.loaded(load);
    second.loaded(load);
  }
}
