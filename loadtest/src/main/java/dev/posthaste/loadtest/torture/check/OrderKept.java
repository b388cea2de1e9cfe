package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where order is asked for, an event whose yes came before another one was sent arrives first.
 * Events that were published at the same time have no order.
 */
public final class OrderKept implements Check {
  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      switch (inflow.subscription().order()) {
        case NONE -> {}
        case FIFO -> found.addAll(overtaken(inflow, firsts(history, inflow)));
        case BY_CASE ->
            firsts(history, inflow).stream()
                .collect(Collectors.groupingBy(first -> first.event().caseId()))
                .values()
                .forEach(ofCase -> found.addAll(overtaken(inflow, ofCase)));
      }
    }
    return found;
  }

  private static List<First> firsts(History history, Inflow inflow) {
    return inflow.arrivals().entrySet().stream()
        .filter(entry -> history.accepted().containsKey(entry.getKey()))
        .map(entry -> first(history, entry))
        .toList();
  }

  private static First first(History history, Map.Entry<Integer, List<Arrival>> entry) {
    return new First(
        history.accepted().get(entry.getKey()), entry.getValue().getFirst().atMicros());
  }

  /** Of what has arrived, only the one that was sent last can have overtaken what comes next. */
  private static List<Violation> overtaken(Inflow inflow, Collection<First> firsts) {
    List<Violation> found = new ArrayList<>();
    Acceptance latest = null;
    for (First first :
        firsts.stream().sorted(Comparator.comparingLong(First::arrivedMicros)).toList()) {
      Acceptance event = first.event();
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

  private record First(Acceptance event, long arrivedMicros) {}
}
