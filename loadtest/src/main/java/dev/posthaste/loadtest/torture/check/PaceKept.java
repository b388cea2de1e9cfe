package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.List;
import java.util.stream.Stream;

/**
 * However many nodes there are, an endpoint that is limited does not get more from all of them than
 * it allows, in any five seconds.
 *
 * <p>Faults excuse twice as much: nodes that are cut off from the database go on with the share
 * that they had, while the others take them for dead and share all of it anew. And a node sends its
 * first at once, after each of its starts too, of which few fit into so short a time.
 *
 * @param endpoint its name in the run
 * @param perSecond what it allows
 */
public record PaceKept(String endpoint, int perSecond, int nodes) implements Check {
  private static final int SECONDS = 5;
  private static final long MICROS = SECONDS * 1_000_000L;
  private static final int SHARED_TWICE = 2;
  private static final int STARTS = 3;

  @Override
  public List<Violation> violations(History history) {
    return inflows(history)
        .filter(inflow -> most(inflow) > excused())
        .map(
            inflow ->
                new Violation(
                    "pace kept",
                    endpoint,
                    "",
                    "%d came in %d s, limited to %d/s; faults excuse %d"
                        .formatted(most(inflow), SECONDS, perSecond, excused())))
        .toList();
  }

  /** What is measured, in words. */
  public String label() {
    return "most in %d s, limited to %d/s".formatted(SECONDS, perSecond);
  }

  /** The most that came in so long a time. */
  public int most(History history) {
    return inflows(history).mapToInt(PaceKept::most).max().orElse(0);
  }

  private Stream<Inflow> inflows(History history) {
    return history.inflows().stream()
        .filter(inflow -> inflow.subscription().name().equals(endpoint));
  }

  private int excused() {
    return SHARED_TWICE * perSecond * SECONDS + STARTS * nodes;
  }

  private static int most(Inflow inflow) {
    long[] times =
        inflow.arrivals().values().stream()
            .flatMap(List::stream)
            .mapToLong(Arrival::atMicros)
            .sorted()
            .toArray();
    int most = 0;
    int first = 0;
    for (int last = 0; last < times.length; last++) {
      while (times[last] - times[first] >= MICROS) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }
}
