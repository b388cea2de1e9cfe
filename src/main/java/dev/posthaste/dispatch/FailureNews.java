package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Reply;

/** Tells in the log of endpoints and destinations that fail. Belongs to one event loop. */
final class FailureNews {
  private final EndpointHealth health = new EndpointHealth();
  private final DirectFailures directFailures = new DirectFailures();

  void tell(Flight flight, Attempt.Outcome outcome, Reply reply) {
    Delivery delivery = flight.delivery();
    if (flight.channel().endpoint().isDirect()) {
      if (outcome == Attempt.Outcome.FAILED) {
        directFailures.failed(delivery, flight.channel(), reply);
      }
    } else if (outcome == Attempt.Outcome.DELIVERED) {
      health.succeeded(delivery.endpointId());
    } else {
      health.failed(delivery.endpointId(), delivery.event().id(), reply, System.nanoTime());
    }
  }

  /** Forgets what is no longer needed. */
  void sweep(long nowNanos) {
    health.sweep(nowNanos);
  }
}
