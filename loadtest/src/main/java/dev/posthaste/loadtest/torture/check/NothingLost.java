package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.Deliveries.Delivery;
import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every accepted event was taken by every endpoint that was its target, or the API shows the
 * delivery as failed. An endpoint that nobody changed and that takes everything is owed the event
 * itself, and nothing is shown as failed that its endpoint was never asked to take.
 */
public final class NothingLost implements Check {
  private static final String RULE = "nothing lost";

  private final Deliveries deliveries;

  public NothingLost(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      if (inflow.subscription().takesAll()) {
        history.accepted().values().stream()
            .flatMap(event -> missing(inflow, event).stream())
            .forEach(found::add);
      } else {
        found.addAll(unshown(history, inflow));
      }
    }
    return found;
  }

  private Optional<Violation> missing(Inflow inflow, Acceptance event) {
    Subscription subscription = inflow.subscription();
    if (!subscription.possiblyTargeted(event) || inflow.taken(event.number()).isPresent()) {
      return Optional.empty();
    }
    Optional<Delivery> shown = deliveries.find(event.eventId(), subscription.endpointId());
    boolean accounted =
        shown.isPresent()
            ? shown.get().isGivenUp() && !subscription.isStable()
            : !subscription.surelyTargeted(event);
    return accounted
        ? Optional.empty()
        : Optional.of(violation(subscription, event, shown.map(Delivery::toString).orElse("none")));
  }

  /** For what it refused an endpoint is owed a record that says so. */
  private List<Violation> unshown(History history, Inflow inflow) {
    Subscription subscription = inflow.subscription();
    Set<String> failed = deliveries.failedEvents(subscription.endpointId());
    return history.accepted().values().stream()
        .filter(subscription::surelyTargeted)
        .filter(event -> inflow.taken(event.number()).isEmpty())
        .filter(event -> !failed.contains(event.eventId()) || inflow.of(event.number()).isEmpty())
        .map(
            event ->
                violation(
                    subscription,
                    event,
                    failed.contains(event.eventId()) ? "failed, never tried" : "not failed"))
        .toList();
  }

  private static Violation violation(Subscription to, Acceptance event, String shown) {
    return new Violation(
        RULE,
        to.name(),
        event.eventId(),
        "accepted at %.3f s, not taken; the record: %s"
            .formatted(event.acceptedMicros() / 1e6, shown));
  }
}
