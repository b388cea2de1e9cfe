package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From the arrival of an attempt that was refused to that of the next one passes at least the wait
 * of the schedule less its jitter.
 *
 * <p>A crash may lose the record of an attempt, and then it is made again at once. So a short
 * distance is excused if there was a fault around it <em>and</em> more attempts arrived than the
 * delivery has on its record. After a reset nothing is measured: what was cut off on a connection
 * that had been kept is sent once more at once, as part of the same attempt.
 */
public final class RetriesKeepTheirDistance implements Check {
  private static final long CLOCK_SLACK_MICROS = 20_000;

  private final Deliveries deliveries;
  private final int jitterPercent;
  private final long faultMemoryMicros;

  /**
   * @param jitterPercent by which a wait may be shorter
   * @param faultMemoryMicros for how long after a fault a repeat may come of it
   */
  public RetriesKeepTheirDistance(
      Deliveries deliveries, int jitterPercent, long faultMemoryMicros) {
    this.deliveries = deliveries;
    this.jitterPercent = jitterPercent;
    this.faultMemoryMicros = faultMemoryMicros;
  }

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      for (Map.Entry<Integer, List<Arrival>> entry : inflow.arrivals().entrySet()) {
        Acceptance event = history.accepted().get(entry.getKey());
        if (event != null && entry.getValue().size() > 1) {
          found.addAll(violations(history, inflow, event));
        }
      }
    }
    return found;
  }

  private List<Violation> violations(History history, Inflow inflow, Acceptance event) {
    List<Arrival> arrivals = inflow.of(event.number());
    List<Violation> found = new ArrayList<>();
    for (int i = 1; i < arrivals.size(); i++) {
      Arrival before = arrivals.get(i - 1);
      Arrival after = arrivals.get(i);
      long distance = after.atMicros() - before.atMicros();
      if (isMeasured(before)
          && distance < shortestMicros(inflow, i)
          && !isExcused(history, inflow, event, new Span(before.atMicros(), after.atMicros()))) {
        found.add(violation(inflow, event, i, distance));
      }
    }
    return found;
  }

  private static boolean isMeasured(Arrival before) {
    return before.answer() == Arrival.Answer.REFUSED
        || before.answer() == Arrival.Answer.UNANSWERED;
  }

  private boolean isExcused(History history, Inflow inflow, Acceptance event, Span span) {
    Span around = new Span(span.fromMicros() - faultMemoryMicros, span.toMicros());
    return history.troubled(around)
        && inflow.of(event.number()).size() > deliveries.reached(inflow.subscription(), event);
  }

  private Violation violation(Inflow inflow, Acceptance event, int failures, long distance) {
    return new Violation(
        "retries keep their distance",
        inflow.subscription().name(),
        event.eventId(),
        "attempt %d came %.3f s after the one before, at least %.3f s are due"
            .formatted(failures + 1, distance / 1e6, shortestMicros(inflow, failures) / 1e6));
  }

  private long shortestMicros(Inflow inflow, int failures) {
    List<Long> waits = inflow.subscription().waits();
    long planned = waits.get(Math.min(failures, waits.size()) - 1) * 1_000;
    return planned * (100 - jitterPercent) / 100 - CLOCK_SLACK_MICROS;
  }
}
