package dev.posthaste.loadtest.torture.check;

import java.util.Optional;
import java.util.Set;

/** What the server says became of deliveries. */
public interface Deliveries {
  /** One delivery, if there is such a one. */
  Optional<Delivery> find(String eventId, String endpointId);

  /** Attempts on the record that may have come to the receiver; 0 if there is no record. */
  default int reached(Subscription subscription, Acceptance event) {
    return find(event.eventId(), subscription.endpointId()).map(Delivery::reached).orElse(0);
  }

  /** The events whose delivery to an endpoint is shown as failed for good. */
  Set<String> failedEvents(String endpointId);

  /**
   * As the API shows it.
   *
   * @param status pending, delivered or failed
   * @param reached attempts on its record that may have come to the receiver
   */
  record Delivery(String status, int reached, String lastError) {
    /** Over without success, for everybody to see. */
    public boolean isGivenUp() {
      return status.equals("failed");
    }
  }
}
