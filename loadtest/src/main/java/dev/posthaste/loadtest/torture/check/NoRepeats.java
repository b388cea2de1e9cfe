package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nothing is taken twice: what clean stops promise, and crashes do not. Where each arrival is an
 * attempt on the delivery's record, the repeat is an honest one: an answer came too late.
 */
public final class NoRepeats implements Check {
  private final Deliveries deliveries;

  public NoRepeats(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      inflow
          .arrivals()
          .forEach(
              (number, arrivals) -> {
                long taken = arrivals.stream().filter(Arrival::isTaken).count();
                if (taken > 1 && arrivals.size() > recorded(history, inflow, number)) {
                  found.add(violation(history, inflow, number, taken));
                }
              });
    }
    return found;
  }

  private int recorded(History history, Inflow inflow, int number) {
    return Optional.ofNullable(history.accepted().get(number))
        .flatMap(event -> deliveries.find(event.eventId(), inflow.subscription().endpointId()))
        .map(Deliveries.Delivery::reached)
        .orElse(0);
  }

  private static Violation violation(History history, Inflow inflow, int number, long taken) {
    Acceptance event = history.accepted().get(number);
    return new Violation(
        "no repeats",
        inflow.subscription().name(),
        event == null ? "" : event.eventId(),
        "event number %d was taken %d times".formatted(number, taken));
  }
}
