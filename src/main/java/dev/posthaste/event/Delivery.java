package dev.posthaste.event;

import java.util.Optional;

/**
 * One event on its way to one endpoint, as it waits in memory for its next attempt.
 *
 * @param attempts made so far
 * @param trigger why the next attempt is made
 * @param deferred whether a row in the table of deferred deliveries stands for it, which its
 *     outcome must then remove or renew
 * @param orderKey of an ordered endpoint: the key among whose deliveries it keeps its place; the
 *     empty text if all of the endpoint are in one order
 * @param settlement told once, when a final outcome or a deferred row is committed
 */
public record Delivery(
    Event event,
    long endpointId,
    int attempts,
    Attempt.Trigger trigger,
    boolean deferred,
    Optional<String> orderKey,
    Settlement settlement) {

  public DeliveryId id() {
    return new DeliveryId(event.id(), endpointId);
  }

  /** The same delivery after one more attempt that was not final. */
  public Delivery attempted() {
    return new Delivery(event, endpointId, attempts + 1, trigger, deferred, orderKey, settlement);
  }
}
