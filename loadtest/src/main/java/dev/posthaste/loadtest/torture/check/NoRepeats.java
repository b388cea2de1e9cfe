package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;

/** Nothing is taken twice: what clean stops promise, and crashes do not. */
public final class NoRepeats implements Check {
  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      inflow
          .arrivals()
          .forEach(
              (number, arrivals) -> {
                long taken = arrivals.stream().filter(Arrival::isTaken).count();
                if (taken > 1) {
                  found.add(violation(history, inflow, number, taken));
                }
              });
    }
    return found;
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
