package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where order is asked for, an event whose yes came before another one was sent arrives first.
 * Events that were published at the same time have no order.
 */
public final class OrderKept implements Check {
  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      inflow.ordered(history.accepted()).forEach(group -> found.addAll(overtaken(inflow, group)));
    }
    return found;
  }

  /** Of what has arrived, only the one that was sent last can have overtaken what comes next. */
  private static List<Violation> overtaken(Inflow inflow, List<Acceptance> events) {
    List<Violation> found = new ArrayList<>();
    Acceptance latest = null;
    for (Acceptance event :
        events.stream().sorted(Comparator.comparingLong(inflow::firstMicros)).toList()) {
      if (latest != null && event.acceptedMicros() < latest.sentMicros()) {
        found.add(
            new Violation(
                "order kept",
                inflow.subscription().name(),
                event.eventId(),
                "arrived after %s, which was sent %.3f s after this one was accepted"
                    .formatted(
                        latest.eventId(), (latest.sentMicros() - event.acceptedMicros()) / 1e6)));
      }
      latest = latest == null || event.sentMicros() > latest.sentMicros() ? event : latest;
    }
    return found;
  }
}
