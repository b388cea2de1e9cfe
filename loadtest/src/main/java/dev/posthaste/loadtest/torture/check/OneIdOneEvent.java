package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A publisher that repeats its own id, however unclear the answers were, makes one event. */
public final class OneIdOneEvent implements Check {
  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      for (Map.Entry<Integer, List<Arrival>> entry : inflow.arrivals().entrySet()) {
        Acceptance event = history.accepted().get(entry.getKey());
        if (event != null && isOther(event, entry.getValue())) {
          found.add(
              new Violation(
                  "one id, one event",
                  inflow.subscription().name(),
                  event.eventId(),
                  "arrived under another event id too"));
        }
      }
    }
    return found;
  }

  private static boolean isOther(Acceptance event, List<Arrival> arrivals) {
    int hash = event.eventId().hashCode();
    return arrivals.stream().anyMatch(arrival -> arrival.eventIdHash() != hash);
  }
}
