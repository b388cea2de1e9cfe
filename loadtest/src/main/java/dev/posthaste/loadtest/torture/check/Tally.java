package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What a history amounts to.
 *
 * @param arrived deliveries taken, each counted once
 * @param repeats deliveries taken again
 * @param refused attempts that the receivers refused or left unanswered
 * @param unconfirmed events that arrived though no answer said yes
 * @param latency from yes to taken at the healthy endpoint, in microseconds
 */
public record Tally(
    int accepted, long arrived, long repeats, long refused, int unconfirmed, Histogram latency) {
  private static final long HIGHEST_MICROS = 3_600_000_000L;

  public static Tally of(History history) {
    long arrived = 0;
    long taken = 0;
    long all = 0;
    Set<Integer> unconfirmed = new HashSet<>();
    Histogram latency = new Histogram(HIGHEST_MICROS, 3);
    for (Inflow inflow : history.inflows()) {
      for (var entry : inflow.arrivals().entrySet()) {
        List<Arrival> arrivals = entry.getValue();
        long times = arrivals.stream().filter(Arrival::isTaken).count();
        arrived += Math.min(times, 1);
        taken += times;
        all += arrivals.size();
        if (!history.accepted().containsKey(entry.getKey())) {
          unconfirmed.add(entry.getKey());
        }
      }
      addLatencies(history, inflow, latency);
    }
    return new Tally(
        history.accepted().size(),
        arrived,
        taken - arrived,
        all - taken,
        unconfirmed.size(),
        latency);
  }

  private static void addLatencies(History history, Inflow inflow, Histogram latency) {
    if (!inflow.subscription().name().equals(HEALTHY)) {
      return;
    }
    for (Acceptance event : history.accepted().values()) {
      inflow
          .taken(event.number())
          .ifPresent(
              arrival ->
                  latency.recordValue(Math.max(0, arrival.atMicros() - event.acceptedMicros())));
    }
  }

  /** The endpoint whose latencies count: it takes everything at once. */
  public static final String HEALTHY = "healthy";
}
